// The day of an account: when it begins, what it is judged on, and what cannot be measured without a price.
import { describe, expect, it } from "vitest";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import { World } from "../risk/world.ts";
import { AAPL, d, MSFT, NYSE_AAPL, only, orderOf, Scene, types } from "./scene.ts";

const buy = { side: "buy", quantity: "1" } as const;

function rollingAt(dayRoll: string): Scene {
  const world = new World(createAccountBook({ ...new World().account.account, dayRoll }));
  world.observe("100000");
  return new Scene(world);
}

const dateAt = (dayRoll: string, instant: string): string | undefined => {
  const scene = rollingAt(dayRoll);
  scene.world.now = Date.parse(instant);
  scene.tick();
  return scene.account.day?.date;
};

describe("the trading day", () => {
  it.each([
    ["18:00", "2026-06-09T21:59:00Z", "2026-06-08"],
    ["18:00", "2026-06-09T22:00:00Z", "2026-06-09"],
    ["00:00", "2026-06-10T03:59:00Z", "2026-06-09"],
    ["00:00", "2026-06-10T04:00:00Z", "2026-06-10"],
    // A roll that cannot be read is midnight.
    ["six", "2026-06-10T03:59:00Z", "2026-06-09"],
    ["six", "2026-06-10T04:00:00Z", "2026-06-10"],
  ])("that rolls at %s in New York is, at %s, %s", (dayRoll, instant, date) => {
    expect(dateAt(dayRoll, instant)).toBe(date);
  });

  it("is looked for at its roll", () => {
    const scene = rollingAt("18:00");
    scene.tick();
    expect(scene.deadline).toBe(Date.parse("2026-06-09T22:00:00Z"));
  });

  it("does not begin before the account's figures are known", () => {
    const scene = new Scene(new World());
    expect(scene.tick()).toEqual([]);
    expect(scene.account.day).toBeNull();
  });

  it("that is over is not judged by what the prices did after it", () => {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "10000");
    scene.bought("500");
    scene.world.now = Date.parse("2026-06-10T04:00:00Z");
    scene.world.price(AAPL, "89");
    expect(types(scene.tick())).toEqual(["TradingDayStarted"]);
    expect(scene.account.day?.lossLimitCrossed).toBe(false);
  });
});

describe("a crossed loss limit", () => {
  it("is not reset by a guess while a price is missing", () => {
    const scene = new Scene();
    scene.bought("1");
    const limit = "max_daily_loss_usd";
    scene.world.apply({ type: "LossLimitCrossed", limit, loss: d("9"), allowed: d("8") });
    scene.world.marks.put({
      instrumentId: AAPL,
      bid: null,
      ask: null,
      last: null,
      at: scene.now + 1,
    });
    const events = scene.command({ kind: "reset_loss_limit", reason: "seen" });
    expect(only(events, "CommandDecided").outcome).toMatchObject({
      result: "refused",
      code: "no_reference_price",
      message: "The loss cannot be measured now: a price or a rate is missing.",
    });
    expect(scene.account.day?.lossLimitCrossed).toBe(true);
  });

  it("cannot be reset before there is a day", () => {
    const scene = new Scene(new World());
    const events = scene.command({ kind: "reset_loss_limit", reason: "seen" });
    expect(only(events, "CommandDecided").outcome.code).toBe("nothing_to_do");
  });
});

describe("what is judged anew", () => {
  it("a signal is refused for its age when it is decided, whatever policy holds for the open", () => {
    const scene = new Scene();
    const old = { ...buy, receivedAt: scene.now - 60_001, onMarketClosed: "queue" } as const;
    expect(only(scene.signal(old), "SignalDecided").refusal?.code).toBe("stale_signal");
  });

  it("an order in a market that never closes was not placed while it was closed", () => {
    const scene = new Scene();
    scene.tokens = 0;
    scene.signal({ ...buy, of: MSFT });
    scene.world.now += 60_001;
    expect(only(scene.tick(), "OrderRejected").code).toBe("stale_signal");
    expect(scene.order(orderOf(1)).hold).toBeNull();
  });

  it("a change is judged as of now: a closed market and the age of the order do not stop it", () => {
    const scene = new Scene();
    const orderId = scene.working({ ...buy, limitPrice: "99" });
    scene.world.now += 3_600_000;
    scene.world.price(AAPL, "100");
    const change = { limitPrice: d("98") };
    const asked = (id: typeof orderId) =>
      only(scene.command({ kind: "replace_order", orderId: id, change }), "CommandDecided").outcome;
    expect(asked(orderId).code).toBe("replace_requested");
    scene.world.price(NYSE_AAPL, "100");
    const listed = scene.working({ ...buy, of: NYSE_AAPL, limitPrice: "99", timeInForce: "gtc" });
    scene.world.now = Date.parse("2026-06-09T23:00:00Z");
    scene.world.price(NYSE_AAPL, "100");
    expect(asked(listed).code).toBe("replace_requested");
  });
});
