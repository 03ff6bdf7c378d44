// A bust or a correction is told once. Where its frame was lost, what the broker shows of the order says
// that it happened, and the order's own executions are put right, not only the position.
import { describe, expect, it } from "vitest";
import type { BrokerOrderSnapshot, BrokerView } from "../../../src/domain/broker.ts";
import type { BrokerOrderId, OrderId } from "../../../src/domain/ids.ts";
import { asId } from "../../../src/domain/ids.ts";
import { AAPL, brokerIdOf, d, only, Scene, types } from "./scene.ts";

/** Two fills of one order, long enough ago that a look at the broker shows them. */
function filledTwice(...fills: readonly (readonly [quantity: string, price: string])[]) {
  const scene = new Scene();
  scene.traits = { showsWhatCounts: true };
  scene.view();
  const id = scene.working({ side: "buy", quantity: "10", limitPrice: "101" });
  for (const [quantity, price] of fills) {
    scene.report(id, { kind: "executed", execution: scene.execution(quantity, price) });
  }
  scene.world.now += 60_000;
  const shows = (filled: string, average: string | null, begun: Partial<BrokerView> = {}) =>
    scene.view({
      ...begun,
      positions: [
        { symbol: AAPL, instrumentId: AAPL, quantity: d(filled), averagePrice: d(average ?? "1") },
      ],
      askedOrders: [
        scene.snapshot(id, {
          status: "partially_filled",
          filledQuantity: d(filled),
          averagePrice: average === null ? null : d(average),
        }),
      ],
    });
  const sums = () => {
    const { filledQuantity, filledNotional } = scene.order(id);
    return `${filledQuantity.toString()} for ${filledNotional.toString()}`;
  };
  return { scene, id, shows, sums };
}

describe("a bust that was not told", () => {
  it("is seen in what the order shows, and told as a difference", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    const events = shows("3", "101");
    expect(types(events)).toContain("ExecutionBusted");
    expect(only(events, "DifferenceFound")).toMatchObject({
      kind: "execution",
      ours: "7 at 100.42857143",
      theirs: "3 at 101",
    });
    expect([sums(), scene.position()]).toEqual(["3 for 303", "3"]);
    expect(types(shows("3", "101"))).not.toContain("ExecutionBusted");
  });

  it("of everything leaves nothing", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    shows("0", null);
    expect([sums(), scene.position()]).toEqual(["0 for 0", "0"]);
  });

  it("of two of three is seen too", () => {
    const { shows, sums } = filledTwice(["4", "100"], ["3", "101"], ["2", "99"]);
    shows("3", "101");
    expect(sums()).toBe("3 for 303");
  });

  it("told after all adds nothing", () => {
    const { scene, id, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    shows("3", "101");
    const [first] = scene.order(id).executions;
    if (first === undefined) throw new Error("it has executions");
    expect(scene.report(id, { kind: "busted", executionId: first.id })).toEqual([]);
    expect(sums()).toBe("3 for 303");
  });

  it("is not believed of a look that may be older than the fill", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    shows("4", "100", { at: scene.now - 59_000 });
    expect(sums()).toBe("7 for 703");
  });

  it("is not believed of a look that was begun before the fill by a clock that ran ahead", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    shows("4", "100", { at: scene.now + 60_000, logSeq: scene.book.seq - 1 });
    expect(sums()).toBe("7 for 703");
  });

  it("waits for a look that is old enough to tell; until then the position is not corrected", () => {
    const { scene, id, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    const position = { symbol: AAPL, instrumentId: AAPL, averagePrice: d("101") };
    const positions = [{ ...position, quantity: d("3") }];
    scene.view({ positions });
    scene.world.now += 10_000;
    scene.command({ kind: "cancel_order", orderId: id });
    scene.report(id, { kind: "cancel_refused", message: "not now" });
    expect(types(shows("3", "101"))).not.toContain("PositionAdjusted");
    scene.world.now += 10_000;
    expect(types(shows("3", "101"))).toContain("ExecutionBusted");
    expect([sums(), scene.position()]).toEqual(["3 for 303", "3"]);
  });

  it("is seen although a clock that ran ahead has written the last fill", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    scene.world.now -= 3_600_000;
    shows("3", "101");
    expect(sums()).toBe("3 for 303");
  });

  it("is not read out of a broker whose orders promise no such thing", () => {
    const { scene, shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    scene.traits = {};
    shows("3", "101");
    expect(sums()).toBe("7 for 703");
  });
});

describe("a correction that was not told", () => {
  it.each([
    ["of the price", [["4", "100"]], "4", "98.5", "4 for 394"],
    ["of the quantity", [["4", "100"]], "3", "100", "3 for 300"],
    [
      "of one fill of two: the sums are the broker's",
      [
        ["4", "100"],
        ["3", "101"],
      ],
      "6",
      "100.25",
      "6 for 601.5",
    ],
  ] as const)("%s", (...[, fills, filled, average, ends]) => {
    const { scene, shows, sums } = filledTwice(...fills);
    expect(types(shows(filled, average))).toContain("ExecutionCorrected");
    expect([sums(), scene.position()]).toEqual([ends, filled]);
    expect(types(shows(filled, average))).not.toContain("ExecutionCorrected");
  });

  it("is not made of what no execution can explain", () => {
    const { shows, sums } = filledTwice(["4", "100"], ["3", "101"]);
    shows("7", "1000000");
    shows("5", "0.01");
    expect(sums()).toBe("7 for 703");
  });
});

describe("fills of an old order that nobody told", () => {
  /** The first order filled 4 at 100, the second 4 at 101 that the stream lost; the third is working. */
  function replacedTwice() {
    const scene = new Scene();
    scene.traits = { showsWhatCounts: true };
    scene.view();
    const id = scene.working({ side: "buy", quantity: "10", type: "limit", limitPrice: "102" });
    scene.report(id, { kind: "executed", execution: scene.execution("4", "100") });
    const holds = (quantity: string, average: string) => [
      { symbol: AAPL, instrumentId: AAPL, quantity: d(quantity), averagePrice: d(average) },
    ];
    const replaced = (name: string, limit: string) => {
      scene.world.now += 10_000;
      const { brokerOrderId } = scene.order(id);
      scene.command({ kind: "replace_order", orderId: id, change: { limitPrice: d(limit) } });
      const newReference = scene.order(id).pendingReplace?.reference ?? null;
      const newBrokerOrderId = asId<BrokerOrderId>(name);
      scene.report(id, { kind: "replaced", brokerOrderId, newBrokerOrderId, newReference });
      scene.world.now += 10_000;
      return (left: string, change: Partial<BrokerOrderSnapshot> = {}) =>
        scene.snapshot(id, {
          ...{ brokerOrderId: newBrokerOrderId, reference: newReference, quantity: d(left) },
          ...{ status: "accepted", filledQuantity: d("0"), averagePrice: null, ...change },
        });
    };
    const second = replaced("B2", "103");
    scene.view({ openOrders: [second("6")], positions: holds("4", "100") });
    const third = replaced("B3", "104");
    const filled = { status: "replaced", filledQuantity: d("4"), averagePrice: d("101") } as const;
    const looks = (more: Partial<BrokerView> = {}) => {
      scene.world.now += 10_000;
      const old = { openOrders: [third("2")], pastOrders: [second("6", filled)] };
      return types(scene.view({ ...old, positions: holds("8", "100.5"), ...more }));
    };
    return { scene, id, looks };
  }

  it("are missed, and no correction of the ones before it, though these are as many", () => {
    const { scene, id, looks } = replacedTwice();
    for (let i = 0; i < 3; i += 1) expect(looks()).not.toContain("ExecutionCorrected");
    expect(scene.alarms).toContain("missing_executions");
    const lost = scene.execution("4", "101", {
      brokerOrderId: asId<BrokerOrderId>("B2"),
      cumulativeQuantity: d("4"),
      source: "activity",
    });
    looks({ executions: [{ ...lost, symbol: AAPL, side: "buy" }] as never });
    const { filledQuantity, filledNotional } = scene.order(id);
    expect([filledQuantity, filledNotional, scene.position()].map(String)).toEqual([
      "8",
      "804",
      "8",
    ]);
  });
});

describe("an order that is shown with less, by a list that is behind", () => {
  /** The orders show so much of it, and the positions so much. */
  function look(scene: Scene, id: OrderId, shown: { order: string; position: string }) {
    scene.world.now += 60_000;
    const [order, position] = [d(shown.order), d(shown.position)];
    return scene.view({
      positions: position.isZero()
        ? []
        : [{ symbol: AAPL, instrumentId: AAPL, quantity: position, averagePrice: d("100") }],
      openOrders: [
        scene.snapshot(id, {
          status: order.isZero() ? "accepted" : "partially_filled",
          filledQuantity: order,
          averagePrice: order.isZero() ? null : d("100"),
        }),
      ],
      executions: [
        { ...scene.execution("4", "100", listedFill(scene, id)), symbol: AAPL, side: "buy" },
      ],
    });
  }
  const listedFill = (scene: Scene, id: OrderId) => ({
    brokerOrderId: scene.order(id).brokerOrderId,
    cumulativeQuantity: d("4"),
    executedAt: scene.order(id).executions[0]?.executedAt ?? 0,
    source: "activity" as const,
  });
  function filledOnce() {
    const scene = new Scene();
    scene.traits = { showsWhatCounts: true };
    scene.view();
    const id = scene.working({ side: "buy", quantity: "10", limitPrice: "101" });
    const more = { brokerOrderId: brokerIdOf(id), cumulativeQuantity: d("4") };
    scene.report(id, { kind: "executed", execution: scene.execution("4", "100", more) });
    return { scene, id };
  }

  it("keeps its fill while the position is what we count", () => {
    const { scene, id } = filledOnce();
    expect(types(look(scene, id, { order: "0", position: "4" }))).not.toContain("ExecutionBusted");
    expect(scene.position()).toBe("4");
  });

  it("gets its fill back when all lists show it again, and once", () => {
    const { scene, id } = filledOnce();
    look(scene, id, { order: "0", position: "0" });
    expect(scene.position()).toBe("0");
    expect(only(look(scene, id, { order: "4", position: "4" }), "OrderExecuted")).toMatchObject({
      execution: { quantity: d("4"), price: d("100") },
    });
    expect(scene.order(id).filledQuantity.toString()).toBe("4");
    expect(scene.position()).toBe("4");
    expect(types(look(scene, id, { order: "4", position: "4" }))).not.toContain("OrderExecuted");
    expect(scene.position()).toBe("4");
  });

  it("but not where the position does not show it", () => {
    const { scene, id } = filledOnce();
    look(scene, id, { order: "0", position: "0" });
    look(scene, id, { order: "4", position: "0" });
    expect(scene.position()).toBe("0");
  });

  it("and loses it again when all of them do", () => {
    const { scene, id } = filledOnce();
    for (const held of ["0", "4", "0"]) look(scene, id, { order: held, position: held });
    expect([scene.position(), scene.order(id).filledQuantity.toString()]).toEqual(["0", "0"]);
  });

  it("keeps its fill where the position differs by something else", () => {
    for (const position of ["5", "3"]) {
      const { scene, id } = filledOnce();
      look(scene, id, { order: "0", position });
      expect(scene.order(id).filledQuantity.toString()).toBe("4");
    }
  });

  it("gets it back each time, however often all lists are behind", () => {
    const { scene, id } = filledOnce();
    for (const held of ["0", "4", "0", "4", "4"]) {
      look(scene, id, { order: held, position: held });
      expect([scene.position(), scene.order(id).filledQuantity.toString()]).toEqual([held, held]);
    }
  });
});
