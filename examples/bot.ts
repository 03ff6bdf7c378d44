// A small bot: it holds what a moving average tells it to, and never more than that. Run it beside
// `npm start`:  npx tsx examples/bot.ts AAPL 10
import { FillstreamClient, FillstreamProblem } from "../src/client/client.ts";
import { streamOf } from "../src/client/stream.ts";

const [symbol = "AAPL", size = "10"] = process.argv.slice(2);
const client = new FillstreamClient({
  url: process.env["FILLSTREAM_URL"] ?? "http://localhost:8000",
  ...(process.env["FILLSTREAM_KEY"] === undefined ? {} : { key: process.env["FILLSTREAM_KEY"] }),
});

/** Prices of the last ticks; a real bot has a better idea of where the market goes. */
const prices: number[] = [];
const WINDOW = 20;
let wanted = "";

async function want(position: string, reason: string): Promise<void> {
  if (position === wanted) return;
  wanted = position;
  try {
    // The holding to end up with: said twice it trades once, and a missed tick heals with the next.
    const receipt = await client.send({ symbol, position, strategy: "average", reason });
    console.log(`${reason}: hold ${position} ${symbol} (${client.url}${receipt.url})`);
  } catch (error: unknown) {
    if (!(error instanceof FillstreamProblem)) throw error;
    console.log(`not taken: ${error.problem.detail}`);
  }
}

async function onPrice(price: number): Promise<void> {
  prices.push(price);
  if (prices.length < WINDOW) return;
  if (prices.length > WINDOW) prices.shift();
  const average = prices.reduce((sum, each) => sum + each, 0) / prices.length;
  await want(price > average ? size : "0", price > average ? "above average" : "below average");
}

// Something to watch: the stream tells prices of what is held.
await client.send({ symbol, side: "buy", qty: 1, strategy: "average", reason: "to see prices" });
for await (const { topic, id, data } of streamOf(client, { topics: ["position", "execution"] })) {
  if (topic === "execution") console.log("filled", JSON.stringify(data["data"]));
  if (topic !== "position" || id !== null || data["symbol"] !== symbol) continue;
  // The only float here is the bot's own opinion: amounts go to Fillstream as text.
  if (typeof data["last_price"] === "string") await onPrice(Number(data["last_price"]));
}
