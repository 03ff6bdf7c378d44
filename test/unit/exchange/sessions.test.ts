// Orders and the hours of the market.
import { describe, expect, test } from "vitest";
import { Pit } from "./pit.ts";

/** Monday, in New York: eight in the morning, pre-market. */
const EARLY = Date.parse("2026-07-06T12:00:00Z");
const calendar = (at = EARLY) => new Pit({ session: "calendar", at });

describe("the real calendar", () => {
  test("an order before the open waits, and trades at the open", () => {
    const pit = calendar();
    const order = pit.send({ clientOrderId: "early" });
    expect([order.status, order.place]).toEqual(["accepted", "queue"]);
    pit.passTo("2026-07-06T13:30:00Z");
    expect(order.status).toBe("filled");
    expect(pit.told()).toEqual([
      "early accepted",
      "early pending_new",
      "early new",
      "early fill 10@200.02",
    ]);
  });

  test("a day order ends with the session, a GTC order waits for the next", () => {
    const pit = calendar();
    const day = pit.send({ limit: "150" });
    const gtc = pit.send({ limit: "150", timeInForce: "gtc", clientOrderId: "gtc" });
    pit.passTo("2026-07-06T20:00:00Z");
    expect([day.status, gtc.status, gtc.place]).toEqual(["expired", "new", "queue"]);
    pit.show("AAPL", { bid: "140", ask: "141" });
    expect(gtc.status).toBe("new");
    pit.passTo("2026-07-07T13:30:00Z");
    expect(gtc.status).toBe("filled");
    expect(pit.told().filter((event) => event === "gtc new")).toHaveLength(1);
  });

  test("an order for extended hours trades before and after the session, and ends with the evening", () => {
    const pit = calendar();
    expect(pit.send({ limit: "201", extendedHours: true }).status).toBe("filled");
    const waiting = pit.send({ limit: "150", extendedHours: true });
    pit.passTo("2026-07-06T20:30:00Z");
    expect(waiting.status).toBe("new");
    pit.passTo("2026-07-07T00:00:00Z");
    expect(waiting.status).toBe("expired");
  });

  test("a stop sleeps outside the session", () => {
    const pit = calendar();
    const stop = pit.send({ type: "stop", stop: "201", timeInForce: "gtc" });
    pit.show("AAPL", { bid: "202", ask: "202.02" });
    expect(stop.status).toBe("accepted");
    pit.passTo("2026-07-06T13:30:00Z");
    expect(stop.status).toBe("filled");
  });

  test("a stop that was live sleeps through the evening", () => {
    const pit = calendar(Date.parse("2026-07-06T15:00:00Z"));
    const stop = pit.send({ type: "stop", stop: "201", timeInForce: "gtc" });
    pit.passTo("2026-07-06T21:00:00Z");
    pit.show("AAPL", { bid: "202", ask: "202.02" });
    expect(stop.status).toBe("new");
    pit.passTo("2026-07-07T13:30:00Z");
    expect(stop.status).toBe("filled");
  });

  test("auction orders trade at the auction's price, whole, or are cancelled", () => {
    const pit = calendar();
    pit.show("AAPL", { bid: "200", ask: "200.02", last: "200.01", size: "1" });
    const opening = pit.send({ timeInForce: "opg", qty: "50", clientOrderId: "open" });
    const tooLow = pit.send({ timeInForce: "opg", limit: "150" });
    const closing = pit.send({ timeInForce: "cls", limit: "205", qty: "20" });
    pit.passTo("2026-07-06T13:30:00Z");
    expect([opening.status, tooLow.status, closing.status]).toEqual([
      "filled",
      "canceled",
      "accepted",
    ]);
    expect(pit.told()).toContain("open fill 50@200.01");
    pit.passTo("2026-07-06T20:00:00Z");
    expect(closing.status).toBe("filled");
  });

  test("an order on a Friday evening waits for Monday", () => {
    const pit = calendar(Date.parse("2026-07-10T23:00:00Z"));
    const order = pit.send({});
    pit.passTo("2026-07-12T15:00:00Z");
    expect(order.status).toBe("accepted");
    pit.passTo("2026-07-13T13:30:00Z");
    expect(order.status).toBe("filled");
  });

  test("a half day ends early", () => {
    const pit = calendar(Date.parse("2026-11-27T15:00:00Z"));
    const order = pit.send({ limit: "150" });
    pit.passTo("2026-11-27T18:00:00Z");
    expect(order.status).toBe("expired");
  });

  test("a GTC order ends after 90 days", () => {
    const pit = calendar();
    const order = pit.send({ limit: "100", timeInForce: "gtc" });
    pit.passTo("2026-10-03T00:00:00Z");
    expect(order.status).toBe("new");
    pit.passTo("2026-10-06T00:00:00Z");
    expect(order.status).toBe("expired");
  });

  test("crypto trades at any hour", () => {
    const pit = calendar(Date.parse("2026-07-11T15:00:00Z"));
    expect(pit.send({ symbol: "BTC/USD", side: "sell", qty: "0.1" }).status).toBe("filled");
  });

  test("a cancelled order in the queue is gone at the open", () => {
    const pit = calendar();
    const order = pit.send({});
    expect(pit.cancel(order)).toBeNull();
    pit.passTo("2026-07-06T14:00:00Z");
    expect(order.status).toBe("canceled");
    expect(pit.quantity("AAPL")).toBe("0");
  });
});

describe("the session that is always open", () => {
  test("stocks trade on a Sunday night", () => {
    const pit = new Pit({ at: Date.parse("2026-07-12T03:00:00Z") });
    expect(pit.send({}).status).toBe("filled");
  });

  test("day orders end at midnight in New York", () => {
    const pit = new Pit();
    const order = pit.send({ limit: "150" });
    pit.passTo("2026-07-07T03:59:00Z");
    expect(order.status).toBe("new");
    pit.passTo("2026-07-07T04:00:00Z");
    expect(order.status).toBe("expired");
  });

  test("orders for the open trade when the next day begins", () => {
    const pit = new Pit();
    const order = pit.send({ timeInForce: "opg" });
    pit.passTo("2026-07-07T04:00:00Z");
    expect(order.status).toBe("filled");
  });
});
