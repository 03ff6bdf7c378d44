// What the venue does in its own time: late cancels and replaces, fills after the end, busts.
import { describe, expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { bust, correct, forceFill } from "../../../src/exchange/core/intervene.ts";
import type { Order } from "../../../src/exchange/core/order.ts";
import { Pit } from "./pit.ts";

function slow(milliseconds: number): Pit {
  const pit = new Pit();
  pit.exchange.policy.venueDelayMs = milliseconds;
  return pit;
}

/** An order that is at work in a venue that takes its time. */
function resting(pit: Pit): Order {
  const order = pit.send({ limit: "199", clientOrderId: "rest" });
  pit.pass(50);
  pit.told();
  return order;
}

describe("a venue that takes its time", () => {
  test("an order is on its way before it is at work", () => {
    const pit = slow(50);
    const order = pit.send({});
    expect(order.status).toBe("pending_new");
    pit.pass(50);
    expect(order.status).toBe("filled");
  });

  test("a cancel waits, and is told", () => {
    const pit = slow(50);
    const order = resting(pit);
    expect(pit.cancel(order)).toBeNull();
    expect(pit.cancel(order)).toBe("cancel_pending");
    expect(order.status).toBe("pending_cancel");
    pit.pass(50);
    expect(pit.told()).toEqual(["rest pending_cancel", "rest canceled"]);
  });

  test("a fill may come before the cancel", () => {
    const pit = slow(50);
    const order = resting(pit);
    pit.cancel(order);
    pit.show("AAPL", { bid: "198", ask: "198.50" });
    pit.pass(50);
    expect(order.status).toBe("filled");
    expect(pit.told()).toEqual(["rest pending_cancel", "rest fill 10@199"]);
  });

  test("a part may come before the cancel, and stays", () => {
    const pit = slow(50);
    const order = resting(pit);
    pit.cancel(order);
    pit.show("AAPL", { bid: "198", ask: "198.50", size: "3" });
    expect(order.status).toBe("pending_cancel");
    pit.pass(50);
    expect([order.status, order.filledQuantity.toString()]).toEqual(["canceled", "3"]);
    expect(pit.account().reserved.toString()).toBe("0");
  });

  test("a replacement takes over when the venue gets to it", () => {
    const pit = slow(50);
    const order = resting(pit);
    const next = pit.replace(order, { limit: "198" });
    expect([order.status, next.status]).toEqual(["pending_replace", "accepted"]);
    pit.pass(50);
    expect([order.status, next.status]).toEqual(["replaced", "new"]);
    expect(order.replacedBy).toBe(next.id);
  });

  test("a replacement that comes after the fill is rejected", () => {
    const pit = slow(50);
    const order = resting(pit);
    const next = pit.replace(order, { limit: "198" });
    pit.show("AAPL", { bid: "198", ask: "198.50" });
    pit.pass(50);
    expect([order.status, next.status]).toEqual(["filled", "rejected"]);
    expect(order.replacedBy).toBeNull();
    expect(pit.quantity("AAPL")).toBe("10");
  });
});

describe("replacing a partly filled order", () => {
  const partly = (pit: Pit): Order => {
    const order = pit.send({ limit: "199" });
    pit.show("AAPL", { bid: "198", ask: "199", size: "4" });
    pit.show("AAPL", { bid: "199.50", ask: "200" });
    return order;
  };

  test("the new order trades what is left of the new total", () => {
    const pit = new Pit();
    const next = pit.replace(partly(pit), { qty: "12" });
    expect([String(next.quantity), next.filledQuantity.toString()]).toEqual(["8", "0"]);
    pit.show("AAPL", { bid: "198", ask: "199" });
    expect(pit.quantity("AAPL")).toBe("12");
  });

  test("it carries the fill along when the switch says so", () => {
    const pit = new Pit();
    pit.exchange.policy.replaceCarriesFills = true;
    const next = pit.replace(partly(pit), { qty: "12" });
    expect([String(next.quantity), next.filledQuantity.toString()]).toEqual(["12", "4"]);
    pit.show("AAPL", { bid: "198", ask: "199" });
    expect([next.status, pit.quantity("AAPL")]).toEqual(["filled", "12"]);
  });

  test.each([true, false])("and a bust behind it takes back what was carried: %s", (carries) => {
    const pit = new Pit();
    pit.exchange.policy.replaceCarriesFills = carries;
    const second = pit.replace(partly(pit), { qty: "12" });
    const third = pit.replace(second, { qty: "14" });
    const { world } = pit.exchange.engine;
    const [execution] = world.executions.all();
    if (execution === undefined) throw new Error("no execution");
    correct(world, execution, Decimal.of("3"), Decimal.of("198"));
    const sums = [second, third].map((order) => [order.filledQuantity, order.filledValue].join());
    expect(sums).toEqual(carries ? ["3,594", "3,594"] : ["0,0", "0,0"]);
    pit.show("AAPL", { bid: "198", ask: "199" });
    // What was carried is to be filled again; what was no part of the new order is not.
    expect([third.status, pit.quantity("AAPL")]).toEqual(["filled", carries ? "14" : "17"]);
  });

  test("the new total must be above what is filled", () => {
    const pit = new Pit();
    const order = partly(pit);
    expect(() => pit.replace(order, { qty: "4" })).toThrow("quantity_not_above_filled");
  });
});

describe("facts after the end", () => {
  test("an execution after the cancel counts, and the order stays cancelled", () => {
    const pit = new Pit();
    const order = pit.send({ limit: "199", clientOrderId: "dead" });
    pit.cancel(order);
    const { world } = pit.exchange.engine;
    forceFill(world, order, Decimal.of("4"), Decimal.of("199"));
    expect([order.status, pit.quantity("AAPL")]).toEqual(["canceled", "4"]);
    expect(pit.told().at(-1)).toBe("dead partial_fill 4@199");
    forceFill(world, order, Decimal.of("60"), Decimal.of("199"));
    expect([order.status, pit.quantity("AAPL")]).toEqual(["filled", "10"]);
    expect(forceFill(world, order, Decimal.ONE, Decimal.of("199"))).toBeNull();
  });

  test("a bust takes back exactly what the fill gave", () => {
    const pit = new Pit();
    const before = pit.account().cash.toString();
    pit.send({});
    const { world } = pit.exchange.engine;
    const [execution] = world.executions.all();
    if (execution === undefined) throw new Error("no execution");
    const busted = bust(world, execution);
    expect(pit.account().cash.toString()).toBe(before);
    expect(pit.quantity("AAPL")).toBe("0");
    expect(busted).toMatchObject({ corrects: execution.id });
    expect(busted?.quantity.toString()).toBe("-10");
    expect(bust(world, execution)).toBeNull();
  });

  test("a correction puts another price in the fill's place", () => {
    const pit = new Pit();
    const order = pit.send({});
    const { world } = pit.exchange.engine;
    const [execution] = world.executions.all();
    if (execution === undefined) throw new Error("no execution");
    correct(world, execution, execution.quantity, Decimal.of("201"));
    expect(pit.account().cash.toString()).toBe("97990");
    expect(order.filledValue.toString()).toBe("2010");
    expect(pit.told().at(-1)).toContain("trade_correct 10@201");
  });
});

describe("the same seed and inputs", () => {
  test("give the same exchange, ids and all", () => {
    const run = () => {
      const pit = new Pit({ seed: "twice" });
      pit.send({});
      pit.stepPrices();
      pit.send({ side: "sell" });
      const { world } = pit.exchange.engine;
      return JSON.stringify([
        [...world.orders.all()].map(({ asset, ...rest }) => [asset.symbol, rest]),
        world.executions.all(),
      ]);
    };
    expect(run()).toBe(run());
  });

  test("another seed gives other prices and other ids", () => {
    const prices = (seed: string) => {
      const pit = new Pit({ seed });
      for (let tick = 0; tick < 50; tick += 1) {
        pit.stepPrices();
      }
      return JSON.stringify(pit.exchange.prices());
    };
    expect(prices("one")).toBe(prices("one"));
    expect(prices("one")).not.toBe(prices("two"));
  });
});
