// What a signal is told when it becomes no order, and what a target position does to the orders around it.
import { describe, expect, it } from "vitest";
import { asId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, d, MSFT, only, orderOf, Scene, signalId, types } from "./scene.ts";
import type { Sent } from "./scene.ts";

const buy = { side: "buy", quantity: "1" } as const;

describe("a signal that is refused before any limit", () => {
  const refused = (scene: Scene, sent: Sent) => {
    const decided = only(scene.signal(sent), "SignalDecided");
    expect(decided).toMatchObject({ outcome: "rejected", orderIds: [], verdicts: [], mark: null });
    expect(decided.refusal).toMatchObject({ by: "engine", numbers: {} });
    return [decided.refusal?.code, decided.refusal?.message];
  };

  it("names the instrument that is not known", () => {
    expect(refused(new Scene(), { ...buy, of: asId("SIM:GONE") })).toEqual([
      "instrument_not_tradable",
      "SIM:GONE is not an instrument that this account can trade.",
    ]);
  });

  it("says for how long it has been over, and is not over at its very end", () => {
    const scene = new Scene();
    expect(refused(scene, { ...buy, validUntil: scene.now - 7 })).toEqual([
      "valid_until_passed",
      "The signal's validity ended 7 ms ago.",
    ]);
    const atEnd = only(scene.signal({ ...buy, validUntil: scene.now }), "SignalDecided");
    expect(atEnd.outcome).toBe("ordered");
  });

  it("says that the broker is away, where that is a reason", () => {
    const scene = new Scene();
    scene.world.set("on_broker_down", "reject");
    scene.up = false;
    expect(refused(scene, buy)).toEqual([
      "broker_down",
      "alpaca cannot be reached, and on_broker_down = reject.",
    ]);
    scene.up = true;
    expect(only(scene.signal(buy), "SignalDecided").outcome).toBe("ordered");
  });

  it("says that the broker makes no exits, and an entry without them passes there", () => {
    const scene = new Scene();
    scene.traits = { makesExitLegs: false };
    expect(refused(scene, { ...buy, takeProfit: "120", stopLoss: "80" })).toEqual([
      "unsupported_by_broker",
      "alpaca makes no exits that travel with an entry.",
    ]);
    expect(only(scene.signal(buy), "SignalDecided").outcome).toBe("ordered");
  });
});

describe("the record of a signal", () => {
  it("names it, what it became, and what it was judged by", () => {
    const scene = new Scene();
    const events = scene.signal({ ...buy, strategy: "a" });
    const decided = only(events, "SignalDecided");
    expect(decided).toMatchObject({
      signalId: signalId(1),
      number: 1,
      instrumentId: AAPL,
      strategyId: "a",
      outcome: "ordered",
      refusal: null,
      limitsVersion: scene.context.limits.version,
      orderIds: [orderOf(1)],
    });
    expect(decided.verdicts.length).toBeGreaterThan(10);
    expect(decided.mark?.last).toEqual(d("100"));
    expect(scene.log.at(-1)).toMatchObject({
      accountId: ACCOUNT_ID,
      actor: "test",
      correlationId: signalId(1),
      causationId: signalId(1),
    });
    expect(only(events, "OrderPlaced").order).toMatchObject({
      id: orderOf(1),
      accountId: ACCOUNT_ID,
      strategyId: "a",
      signalId: signalId(1),
      commandId: null,
      parentId: null,
      role: "entry",
      linkGroup: null,
      reducesPosition: false,
      waitsFor: [],
      validUntil: null,
    });
  });

  it("keeps the verdicts and the price of a refusal by a limit", () => {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "5");
    const decided = only(scene.signal({ side: "buy", quantity: "6" }), "SignalDecided");
    expect(decided).toMatchObject({ outcome: "rejected", orderIds: [] });
    expect(decided.refusal?.code).toBe("max_order_qty_stock");
    expect(decided.verdicts.length).toBeGreaterThan(10);
    expect(decided.mark).not.toBeNull();
  });

  it("of nothing to do says so in words", () => {
    const scene = new Scene();
    const decided = only(scene.signal({ target: "0" }), "SignalDecided");
    expect(decided).toMatchObject({
      outcome: "nothing_to_do",
      orderIds: [],
      verdicts: [],
      refusal: {
        code: "nothing_to_do",
        by: "engine",
        message: "The position is already what the signal asks for.",
        numbers: {},
      },
    });
  });
});

describe("a trade", () => {
  it("of exactly what is held is one order, of one more two", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    const even = only(scene.signal({ side: "sell", quantity: "10" }), "OrderPlaced").order;
    expect(even).toMatchObject({ role: "entry", reducesPosition: true });
    const other = new Scene();
    other.world.set("allow_short", "true");
    other.bought("10");
    const placed = other
      .signal({ side: "sell", quantity: "11", limitPrice: "101" })
      .flatMap((event) => (event.type === "OrderPlaced" ? [event.order] : []));
    expect(placed.map(({ role, waitsFor }) => [role, waitsFor])).toEqual([
      ["flip_close", []],
      ["entry", [orderOf(2, 1)]],
    ]);
    expect(placed.map(({ terms }) => terms.quantity?.toString())).toEqual(["10", "1"]);
    expect(placed.map(({ reducesPosition }) => reducesPosition)).toEqual([true, false]);
  });

  it("for an amount of money is never split", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("1");
    const events = scene.signal({ side: "sell", quantity: null, notional: "50" });
    expect(only(events, "OrderPlaced").order.role).toBe("entry");
  });
});

describe("a target position", () => {
  const at = (limitPrice: string, quantity: string, more: Sent = {}): Sent => ({
    side: "buy",
    quantity,
    limitPrice,
    ...more,
  });
  const sizes = (scene: Scene, sent: Sent) =>
    scene
      .signal(sent)
      .flatMap((event) =>
        event.type === "OrderPlaced"
          ? [`${event.order.terms.side} ${event.order.terms.quantity?.toString()}`]
          : event.type === "CancelRequested"
            ? [`cancel ${event.orderId === orderOf(1) ? 1 : 2}: ${event.reason}`]
            : [],
      );
  const givesWay = "gives way to a newer target position";

  it("counts what works towards it, and sends the rest", () => {
    const scene = new Scene();
    scene.working(at("99", "4"));
    expect(sizes(scene, { target: "10" })).toEqual(["buy 6"]);
  });

  it("takes away what would go too far, and waits for that", () => {
    const scene = new Scene();
    scene.working(at("99", "12"));
    expect(sizes(scene, { target: "10" })).toEqual([`cancel 1: ${givesWay}`, "buy 10"]);
    expect(scene.order(orderOf(2))).toMatchObject({
      waitsFor: [orderOf(1)],
      hold: { reason: "predecessor" },
    });
  });

  it("takes away what works against it", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.working({ side: "sell", quantity: "2", limitPrice: "105" });
    expect(sizes(scene, { target: "12" })).toEqual([`cancel 2: ${givesWay}`, "buy 2"]);
  });

  it("that is reached already takes away what would leave it again", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.working(at("99", "1"));
    expect(sizes(scene, { target: "10" })).toEqual([`cancel 2: ${givesWay}`]);
  });

  it("of a strategy leaves the orders of the others alone, and without one takes all", () => {
    const ours = (): Scene => {
      const scene = new Scene();
      scene.working(at("99", "4", { strategy: "one" }));
      return scene;
    };
    expect(sizes(ours(), { target: "10", strategy: "two" })).toEqual(["buy 10"]);
    expect(sizes(ours(), { target: "10", strategy: "one" })).toEqual(["buy 6"]);
    expect(sizes(ours(), { target: "10" })).toEqual(["buy 6"]);
  });

  it("in something else leaves these orders alone", () => {
    const scene = new Scene();
    scene.working(at("99", "4"));
    expect(sizes(scene, { target: "10", of: MSFT })).toEqual(["buy 10"]);
  });

  it("nearer to zero leaves resting exits that go no further than it", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.working({ side: "sell", quantity: "3", limitPrice: "110" });
    expect(sizes(scene, { target: "6" })).toEqual(["sell 1"]);
  });

  it("on the other side takes resting exits away, and a market order out counts", () => {
    const exits = new Scene();
    exits.bought("10");
    exits.working({ side: "sell", quantity: "3", limitPrice: "110" });
    expect(sizes(exits, { target: "0" })).toEqual([`cancel 2: ${givesWay}`, "sell 10"]);
    const market = new Scene();
    market.bought("10");
    market.working({ side: "sell", quantity: "3" });
    expect(sizes(market, { target: "0" })).toEqual(["sell 7"]);
  });

  it("of zero asks for no exits, another one does", () => {
    const scene = new Scene();
    scene.bought("10");
    const exits = { takeProfit: "120", stopLoss: "80" } as const;
    const out = only(scene.signal({ target: "0", ...exits }), "OrderPlaced").order;
    expect(out.terms).toMatchObject({ exits: null, notional: null });
    const more = new Scene();
    expect(only(more.signal({ target: "5", ...exits }), "OrderPlaced").order.terms.exits).not.toBe(
      null,
    );
  });
});

describe("the loss of a day", () => {
  function losing(): Scene {
    const scene = new Scene();
    scene.world.set("max_order_qty_stock", "10000");
    scene.bought("500");
    scene.world.price(AAPL, "89");
    return scene;
  }

  it("is told with its numbers when it crosses the limit", () => {
    const scene = losing();
    const crossed = only(scene.tick(), "LossLimitCrossed");
    expect(crossed.allowed.toString()).toBe("5000");
    expect(scene.told).toEqual([`Account ${ACCOUNT_ID} lost 5500 of 5000 USD: entries stop.`]);
    expect(scene.alarms).toEqual(["max_daily_loss_percent"]);
  });

  it("is crossed once, whether in money or in percent", () => {
    const scene = losing();
    scene.world.set("max_daily_loss_usd", "100");
    const refused = scene.signal(buy);
    expect(types(refused)).toEqual(["SignalDecided", "LossLimitCrossed"]);
    expect(only(refused, "LossLimitCrossed").limit).toBe("max_daily_loss_usd");
    expect(types(scene.signal(buy))).toEqual(["SignalDecided"]);
  });

  it("is not what another refusal is about", () => {
    const scene = losing();
    scene.world.stop({ state: "halted" });
    expect(types(scene.signal(buy))).toEqual(["SignalDecided"]);
  });

  it("that a person resets counts from now on, with what every strategy made of it", () => {
    const scene = losing();
    scene.tick();
    const events = scene.command({ kind: "reset_loss_limit", reason: "seen" });
    const reset = only(events, "LossLimitReset");
    expect(reset).toMatchObject({ reason: "seen" });
    expect(reset.unrealizedBaseline.toString()).toBe("-5500");
    expect(only(events, "CommandDecided").outcome).toEqual({
      result: "done",
      code: "reset",
      message: "Entries are allowed again; losses count from now on.",
      orderIds: [],
    });
  });
});
