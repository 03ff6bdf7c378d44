// Nothing was read of the account for long: a night without a worker, or a broker that was away. What waited
// meanwhile waits for the look that comes, and is not refused by what is old.
import { describe, expect, it } from "vitest";
import { World } from "../risk/world.ts";
import { AAPL, d, NYSE_AAPL, only, orderOf, Scene } from "./scene.ts";

const MINUTE_MS = 60_000;
const SUNDAY = Date.parse("2026-06-07T22:00:00Z");
const OPEN = Date.parse("2026-06-08T13:30:00Z");

function unseen(world?: World): Scene {
  const scene = new Scene(world);
  scene.isLookedAt = false;
  return scene;
}

describe("an order held for the open, behind a night without a worker", () => {
  function queued(): Scene {
    const world = new World();
    world.now = SUNDAY;
    world.observe("100000");
    world.price(NYSE_AAPL, "100", { at: SUNDAY });
    const scene = unseen(world);
    scene.tick();
    const wish = { side: "buy", quantity: "1", limitPrice: "101", of: NYSE_AAPL } as const;
    scene.signal({ ...wish, onMarketClosed: "queue" });
    scene.world.now = OPEN + MINUTE_MS;
    return scene;
  }

  it("leaves behind the first look", () => {
    const scene = queued();
    scene.world.price(NYSE_AAPL, "100", { at: scene.now });
    scene.tick();
    expect(scene.order(orderOf(1)).status).toBe("pending");
    scene.view();
    expect(scene.order(orderOf(1)).status).toBe("submitted");
  });

  it("waits for its price too", () => {
    const scene = queued();
    scene.tick();
    scene.view();
    expect(scene.order(orderOf(1)).status).toBe("pending");
    scene.world.price(NYSE_AAPL, "100", { at: scene.now });
    scene.tick();
    expect(scene.order(orderOf(1)).status).toBe("submitted");
  });
});

describe("a broker that was away for long", () => {
  function away(): Scene {
    const scene = unseen();
    scene.view();
    scene.up = false;
    scene.world.now += 11 * MINUTE_MS;
    scene.world.price(AAPL, "100");
    return scene;
  }
  const buy = { side: "buy", quantity: "1", limitPrice: "100" } as const;

  it("has its signals held as before", () => {
    const scene = away();
    expect(only(scene.signal(buy), "SignalDecided").refusal).toBeNull();
    expect(scene.order(orderOf(1)).hold?.reason).toBe("broker_down");
  });

  it("gets them behind the look that follows", () => {
    const scene = away();
    scene.signal(buy);
    scene.up = true;
    scene.tick(1_000);
    expect(scene.order(orderOf(1)).status).toBe("pending");
    scene.view();
    expect(scene.order(orderOf(1)).status).toBe("submitted");
  });

  it("gets what lowers a position at once", () => {
    const scene = unseen();
    scene.view();
    scene.bought("5");
    scene.up = false;
    scene.world.now += 11 * MINUTE_MS;
    scene.world.price(AAPL, "100");
    scene.signal({ side: "sell", quantity: "5", limitPrice: "100" });
    scene.up = true;
    scene.tick(1_000);
    expect(scene.order(orderOf(2)).status).toBe("submitted");
    expect(scene.order(orderOf(2)).terms.quantity).toEqual(d("5"));
  });
});
