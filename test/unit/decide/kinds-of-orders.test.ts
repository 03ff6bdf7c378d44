// Every kind of order that a signal may ask for, from the signal to what stands at the broker.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { BrokerOrderId, StrategyId } from "../../../src/domain/ids.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import type { OrderTerms } from "../../../src/domain/order/spec.ts";
import { BTC } from "../risk/market.ts";
import { AAPL, d, MSFT, only, orderOf, Scene } from "./scene.ts";
import type { Sent } from "./scene.ts";

/** A signal with terms that the words of a wish do not have. */
function ask(scene: Scene, sent: Sent, changes: Partial<OrderTerms>): readonly DomainEvent[] {
  const signal = scene.signalOf(sent);
  if (signal.wish.kind !== "trade") throw new Error("a trade");
  const terms = { ...signal.wish.terms, ...changes };
  return scene.when({ kind: "signal", signal: { ...signal, wish: { kind: "trade", terms } } });
}

const refusal = (events: readonly DomainEvent[]) => only(events, "SignalDecided").refusal;

const sentTerms = (scene: Scene): OrderTerms => {
  const call = scene.calls.at(-1);
  if (call?.kind !== "submit") throw new Error("nothing was sent");
  return call.terms;
};

describe("exits that travel with an entry", () => {
  it("go out with it as a bracket, in one order", () => {
    const scene = new Scene();
    scene.signal({ quantity: "10", limitPrice: "100", takeProfit: "110", stopLoss: "95" });
    expect(scene.calls).toHaveLength(1);
    expect(sentTerms(scene).exits).toEqual({
      takeProfit: { limitPrice: d("110") },
      stopLoss: { stopPrice: d("95"), limitPrice: null },
    });
  });

  it("may be one alone: one triggers the other", () => {
    const scene = new Scene();
    scene.signal({ quantity: "10", limitPrice: "100", stopLoss: "95" });
    expect(sentTerms(scene).exits).toMatchObject({ takeProfit: null });
  });

  it("on the wrong side of the entry are refused", () => {
    const scene = new Scene();
    const events = scene.signal({ quantity: "10", limitPrice: "100", stopLoss: "105" });
    expect(refusal(events)).toMatchObject({ code: "order_validity" });
    expect(scene.calls).toEqual([]);
  });

  it("that stand alone are an exit, whatever the limits are, and count once", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.world.set("max_orders_per_minute", "1");
    const stopLoss = { stopPrice: d("92"), limitPrice: null };
    ask(
      scene,
      { side: "sell", quantity: "10", limitPrice: "108" },
      { exits: { takeProfit: null, stopLoss, alone: true } },
    );
    const id = orderOf(2);
    expect(scene.order(id)).toMatchObject({ status: "submitted", reducesPosition: true });
    expect(scene.order(id).linkGroup).toBe(id);
    expect(sentTerms(scene).exits?.alone).toBe(true);
  });
});

describe("a pair of exits", () => {
  const pair = (scene: Scene, sent: Sent) =>
    ask(
      scene,
      { limitPrice: "108", ...sent },
      {
        exits: {
          takeProfit: null,
          stopLoss: { stopPrice: d("92"), limitPrice: null },
          alone: true,
        },
      },
    );
  /** At the broker, with its stop as a leg. */
  const working = (scene: Scene): void => {
    pair(scene, { side: "sell", quantity: "10" });
    const leg = scene.snapshot(orderOf(2), {
      brokerOrderId: asId<BrokerOrderId>("STOP"),
      reference: null,
      type: "stop",
      limitPrice: null,
      stopPrice: d("92"),
      status: "held",
    });
    scene.accepted(orderOf(2), { legs: [leg] });
  };

  it("is for what is held: it opens nothing, whatever may be sold short", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    expect(refusal(pair(scene, { side: "sell", quantity: "10" }))).toMatchObject({
      code: "order_validity",
    });
    scene.bought("10");
    const events = pair(scene, { side: "sell", quantity: "15" });
    expect(refusal(events)?.code).toBe("order_validity");
    expect(refusal(events)?.message).toContain("10 of them free");
  });

  it("counts once: not once as profit and once more as loss", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    scene.world.set("max_position_qty", "9");
    working(scene);
    expect(scene.order(orderOf(2, 16)).role).toBe("stop_loss");
    // 10 are held and sold by the pair: 9 more are 9 short, and would be 19 if it counted twice.
    expect(refusal(scene.signal({ side: "sell", quantity: "10" }))?.code).toBe("max_position_qty");
    expect(refusal(scene.signal({ side: "sell", quantity: "9" }))).toBeNull();
  });

  it("claims what it would sell: it is not free for another one", () => {
    const scene = new Scene();
    scene.bought("10");
    working(scene);
    const refused = refusal(pair(scene, { side: "sell", quantity: "1" }));
    expect(refused).toMatchObject({ code: "short_not_allowed", numbers: { free: "0" } });
  });
});

describe("a post-only order", () => {
  it("goes out as one where the venue has it", () => {
    const scene = new Scene();
    const sent = { of: BTC, quantity: "0.1", limitPrice: "49000", timeInForce: "gtc" } as const;
    ask(scene, sent, { postOnly: true });
    expect(sentTerms(scene).postOnly).toBe(true);
  });

  it("is refused where it has not", () => {
    const scene = new Scene();
    const events = ask(scene, { quantity: "1", limitPrice: "100" }, { postOnly: true });
    expect(refusal(events)).toMatchObject({ code: "order_validity", by: "risk" });
    expect(refusal(events)?.message).toContain("post_only");
  });
});

describe("an order for an amount of money", () => {
  it("is complete when the broker says so, whatever it bought", () => {
    const scene = new Scene();
    scene.signal({ notional: "250" });
    const id = orderOf(1);
    scene.accepted(id);
    scene.filled(id, "2.499", "100");
    expect(scene.order(id).status).toBe("partially_filled");
    const filledQuantity = d("2.499");
    const snapshot = scene.snapshot(id, { status: "filled", filledQuantity });
    const events = scene.report(id, { kind: "seen", snapshot });
    only(events, "OrderCompleted");
    expect(scene.order(id).status).toBe("filled");
    expect(scene.position()).toBe("2.499");
    expect(scene.account.open.size).toBe(0);
  });

  it("is no finer than the coins of its currency", () => {
    const events = new Scene().signal({ notional: "250.001" });
    expect(refusal(events)).toMatchObject({ code: "order_validity" });
    expect(refusal(events)?.message).toContain("USD has at most 2 decimals");
  });
});

describe("a venue's price band", () => {
  it("refuses a price outside of it, by its numbers, and takes its edges", () => {
    const scene = new Scene();
    scene.world.set("price_collar_percent", null);
    const priceBand = { floor: d("93"), ceiling: d("107") };
    scene.world.instrument(AAPL, { priceBand });
    expect(refusal(scene.signal({ quantity: "1", limitPrice: "107.01" }))).toMatchObject({
      code: "price_band",
    });
    expect(refusal(scene.signal({ quantity: "1", limitPrice: "107" }))).toBeNull();
  });
});

describe("a limit of one strategy", () => {
  it("is measured on its own share, and leaves the others alone", () => {
    const scene = new Scene();
    scene.world.override({
      key: "max_position_size_usd",
      value: "500",
      strategyId: asId<StrategyId>("swing"),
    });
    scene.bought("20", { strategy: "trend" });
    const swing = { strategy: "swing", limitPrice: "100" };
    expect(refusal(scene.signal({ ...swing, quantity: "5" }))).toBeNull();
    expect(refusal(scene.signal({ ...swing, quantity: "1" }))).toMatchObject({
      code: "max_position_size_usd",
    });
    const other = { strategy: "trend", limitPrice: "100", quantity: "6" };
    expect(refusal(scene.signal(other))).toBeNull();
  });
});

describe("a limit in shadow", () => {
  it("records what it would have refused and lets it pass", () => {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "5", { shadow: true });
    const decided = only(scene.signal({ quantity: "6" }), "SignalDecided");
    expect(decided.outcome).toBe("ordered");
    const verdict = decided.verdicts.find(({ rule }) => rule === "max_order_qty_stock");
    expect(verdict).toMatchObject({ result: "shadow", numbers: { quantity: "6", limit: "5" } });
    expect(verdict?.head).toEqual(d("-1"));
  });
});

describe("a holding in another currency", () => {
  it("is limited at the day's rate, and without one entries fail closed and exits pass", () => {
    const scene = new Scene();
    scene.world.instrument(MSFT, { currency: "KRW" });
    scene.world.rates.set("KRW/USD", d("0.001"));
    scene.world.set("max_position_size_usd", "1");
    expect(refusal(scene.signal({ of: MSFT, quantity: "10", limitPrice: "100" }))).toBeNull();
    scene.accepted(orderOf(1));
    scene.filled(orderOf(1), "10");
    expect(refusal(scene.signal({ of: MSFT, quantity: "1", limitPrice: "100" }))).toMatchObject({
      code: "max_position_size_usd",
    });
    scene.world.rates.clear();
    expect(refusal(scene.signal({ of: MSFT, quantity: "1", limitPrice: "100" }))).toMatchObject({
      code: "no_fx_rate",
    });
    const exit = scene.signal({ of: MSFT, side: "sell", quantity: "10", limitPrice: "100" });
    expect(refusal(exit)).toBeNull();
    expect(scene.account.positions.quantity(MSFT).minus(d("10"))).toEqual(Decimal.ZERO);
  });
});
