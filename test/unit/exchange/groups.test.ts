// Orders tied to each other: brackets, OTO, OCO.
import { describe, expect, test } from "vitest";
import type { Order } from "../../../src/exchange/core/order.ts";
import type { Wish } from "./pit.ts";
import { Pit } from "./pit.ts";

const BRACKET: Wish = { orderClass: "bracket", takeProfit: "220", stopLoss: "180" };
const states = (...orders: Order[]) => orders.map(({ status }) => status);

describe("a bracket", () => {
  test("its exits wake when the entry is filled whole, and not before", () => {
    const pit = new Pit();
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "6" });
    const entry = pit.send(BRACKET);
    const profit = pit.leg(entry, "take_profit");
    const loss = pit.leg(entry, "stop_loss");
    expect(states(entry, profit, loss)).toEqual(["partially_filled", "held", "held"]);
    expect(pit.held("AAPL")).toBe("0");
    pit.show("AAPL", { bid: "200", ask: "200.02", size: "6" });
    expect(states(entry, profit, loss)).toEqual(["filled", "new", "held"]);
    expect(pit.held("AAPL")).toBe("10");
  });

  test("the take-profit's fill ends the stop-loss", () => {
    const pit = new Pit();
    const entry = pit.send(BRACKET);
    pit.show("AAPL", { bid: "221", ask: "221.02" });
    expect(states(pit.leg(entry, "take_profit"), pit.leg(entry, "stop_loss"))).toEqual([
      "filled",
      "canceled",
    ]);
    expect([pit.quantity("AAPL"), pit.held("AAPL")]).toEqual(["0", "0"]);
  });

  test("a part of the take-profit shrinks the stop-loss", () => {
    const pit = new Pit();
    const entry = pit.send(BRACKET);
    pit.show("AAPL", { bid: "221", ask: "221.02", size: "4" });
    const loss = pit.leg(entry, "stop_loss");
    expect(loss.quantity?.toString()).toBe("6");
    pit.show("AAPL", { bid: "179", ask: "179.02", last: "179" });
    expect(states(pit.leg(entry, "take_profit"), loss)).toEqual(["canceled", "filled"]);
    expect(loss.filledQuantity.toString()).toBe("6");
    expect(pit.quantity("AAPL")).toBe("0");
  });

  test("the stop-loss that fires ends the take-profit first", () => {
    const pit = new Pit();
    const entry = pit.send(BRACKET);
    pit.told();
    pit.show("AAPL", { bid: "179", ask: "179.02", last: "179" });
    const [first, second, third] = pit.told().map((event) => event.split(" ")[1]);
    expect([first, second, third]).toEqual(["canceled", "new", "fill"]);
    expect(pit.quantity("AAPL")).toBe("0");
    expect(pit.leg(entry, "stop_loss").status).toBe("filled");
  });

  test("cancelling the entry, or one exit, ends the rest", () => {
    const pit = new Pit();
    const waiting = pit.send({ ...BRACKET, limit: "195" });
    pit.cancel(waiting);
    expect(states(pit.leg(waiting, "take_profit"), pit.leg(waiting, "stop_loss"))).toEqual([
      "canceled",
      "canceled",
    ]);
    const entry = pit.send(BRACKET);
    pit.cancel(pit.leg(entry, "take_profit"));
    expect(pit.leg(entry, "stop_loss").status).toBe("canceled");
    expect([pit.quantity("AAPL"), pit.held("AAPL")]).toEqual(["10", "0"]);
  });

  test("a short bracket closes with buys", () => {
    const pit = new Pit();
    const entry = pit.send({
      side: "sell",
      orderClass: "bracket",
      takeProfit: "180",
      stopLoss: "220",
    });
    expect(pit.quantity("AAPL")).toBe("-10");
    pit.show("AAPL", { bid: "220", ask: "220.02", last: "220" });
    expect(pit.leg(entry, "stop_loss").status).toBe("filled");
    expect(pit.quantity("AAPL")).toBe("0");
  });

  test("a replaced exit takes the place of the old one", () => {
    const pit = new Pit();
    const entry = pit.send(BRACKET);
    pit.replace(pit.leg(entry, "stop_loss"), { stop: "190" });
    pit.replace(pit.leg(entry, "take_profit"), { limit: "215" });
    expect(pit.held("AAPL")).toBe("10");
    pit.show("AAPL", { bid: "189", ask: "189.02", last: "190" });
    expect(states(pit.leg(entry, "take_profit"), pit.leg(entry, "stop_loss"))).toEqual([
      "canceled",
      "filled",
    ]);
    expect(pit.leg(entry, "stop_loss").stopPrice?.toString()).toBe("190");
    expect(pit.quantity("AAPL")).toBe("0");
  });

  test("a replaced entry keeps its exits", () => {
    const pit = new Pit();
    const entry = pit.send({ ...BRACKET, limit: "195" });
    const next = pit.replace(entry, { limit: "201" });
    expect(next.status).toBe("filled");
    expect(pit.leg(next, "take_profit").status).toBe("new");
  });

  test("the other exit's cancel may go untold, as it sometimes does", () => {
    const pit = new Pit();
    pit.exchange.policy.tellSiblingCancels = false;
    const entry = pit.send({ ...BRACKET, clientOrderId: "entry" });
    pit.told();
    pit.show("AAPL", { bid: "221", ask: "221.02" });
    expect(pit.told().filter((event) => event.includes("canceled"))).toEqual([]);
    expect(pit.leg(entry, "stop_loss").status).toBe("canceled");
  });
});

describe("one triggers the other, one cancels the other", () => {
  test("an OTO's single exit is live after the entry", () => {
    const pit = new Pit();
    const entry = pit.send({ orderClass: "oto", stopLoss: "190" });
    expect(pit.leg(entry, "stop_loss").status).toBe("new");
    expect(pit.held("AAPL")).toBe("10");
    pit.show("AAPL", { bid: "189", ask: "189.02", last: "189" });
    expect(pit.quantity("AAPL")).toBe("0");
  });

  test("an OCO's stop takes the shares over when it fires", () => {
    const pit = new Pit();
    pit.send({});
    const profit = pit.send({
      side: "sell",
      orderClass: "oco",
      takeProfit: "220",
      stopLoss: "190",
      stopLossLimit: "189",
    });
    expect(pit.held("AAPL")).toBe("10");
    pit.show("AAPL", { bid: "188", ask: "188.02", last: "189.50" });
    const loss = pit.leg(profit, "stop_loss");
    expect(states(profit, loss)).toEqual(["canceled", "new"]);
    expect(pit.held("AAPL")).toBe("10");
    pit.show("AAPL", { bid: "189.20", ask: "189.30" });
    expect([loss.status, pit.quantity("AAPL"), pit.held("AAPL")]).toEqual(["filled", "0", "0"]);
  });
});
