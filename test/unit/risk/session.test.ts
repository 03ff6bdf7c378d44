// Closed markets: refused, or held for the open; extended hours; days that no calendar knows.
import { describe, expect, test } from "vitest";
import { BTC, NYSE_AAPL } from "./market.ts";
import { World } from "./world.ts";
import type { Asked } from "./world.ts";

const EXIT: Asked = { side: "sell", quantity: "100" };

describe("the session", () => {
  /** Saturday; the Juneteenth holiday before it makes the next open Monday 13:30 UTC. */
  const SATURDAY = Date.parse("2026-06-20T15:00:00Z");
  const MONDAY_OPEN = Date.parse("2026-06-22T13:30:00Z");
  const PRE_MARKET = Date.parse("2026-06-22T12:00:00Z");
  const closed = (at = SATURDAY): World => {
    const world = World.bare();
    world.hold(NYSE_AAPL, "100", "100");
    world.now = at;
    world.observe("100000");
    return world;
  };
  const entry: Asked = { of: NYSE_AAPL, quantity: "1" };

  test("a closed venue refuses entries and exits, and says when it opens", () => {
    const world = closed();
    const message = "XNYS is closed and it opens at 2026-06-22 13:30 UTC";
    expect(world.ask(entry).refusal).toMatchObject({ code: "session_open", message });
    expect(world.ask({ ...EXIT, of: NYSE_AAPL }).refusal?.code).toBe("session_open");
    expect(world.ask(entry).holdForOpenUntil).toBeNull();
    expect(world.ask({ quantity: "1" }).refusal).toBeNull();
  });

  test("the pre-market takes what asks for it", () => {
    const world = closed(PRE_MARKET);
    const limit = { ...entry, limitPrice: "100" };
    expect(world.ask(limit).refusal?.code).toBe("session_open");
    expect(world.ask({ ...limit, extendedHours: true }).refusal).toBeNull();
  });

  test("an order for the opening auction is given before it, not during the session", () => {
    const opening = { ...entry, timeInForce: "opg" } as const;
    expect(closed(PRE_MARKET).ask(opening).refusal).toBeNull();
    const open = closed(MONDAY_OPEN + 3_600_000);
    expect(open.ask(opening).refusal?.code).toBe("session_open");
    expect(open.ask(entry).refusal).toBeNull();
  });

  test("where policy says to wait, the order is held for the open, exits too", () => {
    const world = closed();
    world.set("market_closed_policy", "queue");
    for (const asked of [entry, { ...EXIT, of: NYSE_AAPL }]) {
      const answer = world.ask(asked);
      expect(answer.refusal).toBeNull();
      expect(answer.holdForOpenUntil).toBe(MONDAY_OPEN);
    }
    expect(world.ask({ ...entry, onMarketClosed: "reject" }).refusal?.code).toBe("session_open");
  });

  test("a signal can ask to wait although the policy refuses", () => {
    const answer = closed().ask({ ...entry, onMarketClosed: "queue" });
    expect(answer.holdForOpenUntil).toBe(MONDAY_OPEN);
  });

  test("an order for extended hours waits for those", () => {
    const answer = closed().ask({
      ...entry,
      limitPrice: "100",
      extendedHours: true,
      onMarketClosed: "queue",
    });
    expect(answer.holdForOpenUntil).toBe(Date.parse("2026-06-22T08:00:00Z"));
  });

  test("what is wrong otherwise is refused at once, not after the wait", () => {
    const world = closed();
    world.set("max_order_qty_stock", "5");
    const answer = world.ask({ ...entry, quantity: "6", onMarketClosed: "queue" });
    expect(answer.refusal?.code).toBe("max_order_qty_stock");
    expect(answer.holdForOpenUntil).toBeNull();
  });

  test("a price as old as the close is no reason not to wait: the release has a fresh one", () => {
    const world = closed();
    world.set("quote_age_max_ms", "30000");
    const answer = world.ask({ ...entry, onMarketClosed: "queue" });
    expect(answer.holdForOpenUntil).toBe(MONDAY_OPEN);
    expect(world.verdict("quote_age_max_ms", { ...entry, onMarketClosed: "queue" }).result).toBe(
      "warn",
    );
  });

  test("an order that would not live to see the open is refused", () => {
    const world = closed();
    const waiting = { ...entry, onMarketClosed: "queue" } as const;
    expect(world.ask({ ...waiting, validUntil: MONDAY_OPEN - 1 }).refusal?.code).toBe(
      "session_open",
    );
    world.set("market_closed_hold_seconds", "3600");
    expect(world.ask(waiting).refusal?.code).toBe("session_open");
  });

  test("past what the calendar knows, entries are refused by name and exits are warned", () => {
    const world = closed(Date.parse("2032-06-09T15:00:00Z"));
    expect(world.ask(entry).refusal).toMatchObject({
      code: "calendar_unknown",
      message: "the calendar of XNYS does not know 2032-06-09; confirm its sessions to trade",
    });
    const exit = { ...EXIT, of: NYSE_AAPL };
    expect(world.ask(exit).refusal).toBeNull();
    expect(world.verdict("calendar_unknown", exit).result).toBe("warn");
  });

  test("the day that is not known is the venue's own: in Seoul's morning it is still yesterday in UTC", () => {
    const world = closed(Date.parse("2028-01-04T23:40:00Z"));
    world.instrument(NYSE_AAPL, { venue: "XKRX" });
    expect(world.ask(entry).refusal?.message).toContain("does not know 2028-01-05");
  });

  test("an order of Christmas Eve's half day waits for the Monday behind it", () => {
    const world = closed(Date.parse("2026-12-24T18:05:00Z"));
    const answer = world.ask({ ...entry, onMarketClosed: "queue" });
    expect(answer.holdForOpenUntil).toBe(Date.parse("2026-12-28T14:30:00Z"));
  });

  test("crypto never waits", () => {
    const world = closed();
    expect(world.ask({ of: BTC, quantity: "0.1", timeInForce: "gtc" }).refusal).toBeNull();
  });
});
