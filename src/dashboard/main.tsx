// Starts the page.
import { render } from "preact";
import { App } from "./app.tsx";
import { startClock } from "./state/clock.ts";
import { startFeed } from "./state/feed.ts";
import { watchAddress } from "./state/place.ts";

const page = document.getElementById("page");
if (page === null) throw new Error("the page has no place to be drawn in");
watchAddress();
startClock();
startFeed();
render(<App />, page);
