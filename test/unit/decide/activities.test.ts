// Entries of the broker's account that are no trades: what each kind moves, and what a person is told.
import { describe, expect, it } from "vitest";
import { adoptLoadedAdjustments } from "../../../src/domain/apply.ts";
import type { Input } from "../../../src/domain/book.ts";
import type { BrokerActivity } from "../../../src/domain/broker.ts";
import { namesNeeded } from "../../../src/domain/decide.ts";
import type { DomainEvent } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { StrategyId } from "../../../src/domain/ids.ts";
import type { CountedAdjustment } from "../../../src/domain/position/state.ts";
import { AAPL, ACCOUNT_ID, d, only, Scene, types } from "./scene.ts";

function known(): Scene {
  const scene = new Scene();
  scene.view();
  scene.world.now += 10_000;
  return scene;
}

function entry(scene: Scene, more: Partial<BrokerActivity> = {}): BrokerActivity {
  return {
    id: "A-1",
    type: "DIV",
    status: "executed",
    symbol: "AAPL",
    instrumentId: AAPL,
    quantity: null,
    price: null,
    netAmount: null,
    at: scene.now - 1_000,
    ...more,
  } as BrokerActivity;
}

const take = (scene: Scene, ...activities: BrokerActivity[]): readonly DomainEvent[] => {
  scene.world.now += 1_000;
  // Positions are compared by the same look and are no matter here.
  return scene
    .view({ activities, positions: shown(scene) })
    .filter((event) => /Adjusted/.test(event.type) || isAboutEntry(event));
};

const isAboutEntry = (event: DomainEvent): boolean =>
  event.type === "DifferenceFound" && event.kind === "execution";

function shown(scene: Scene) {
  const quantity = scene.account.positions.quantity(AAPL);
  if (quantity.isZero()) return [];
  return [{ symbol: "AAPL", instrumentId: AAPL, quantity, averagePrice: d("100") }];
}

const adjustments = (events: readonly DomainEvent[]) =>
  events.flatMap((event) => (event.type === "PositionAdjusted" ? [event.adjustment] : []));

describe("an entry without an instrument", () => {
  it.each([
    ["DIV", "dividend"],
    ["DIVNRA", "dividend"],
    ["INT", "dividend"],
    ["int", "dividend"],
    ["FEE", "fee"],
    ["PTC", "fee"],
    ["CFEE", "fee_in_kind"],
    ["JNLC", "transfer"],
    ["XDIV", "transfer"],
  ])("of type %s is a %s of cash", (type, kind) => {
    const scene = known();
    const told = entry(scene, { type, instrumentId: null, symbol: null, netAmount: d("-1.5") });
    const events = take(scene, told);
    expect(events[0]).toMatchObject({
      type: "CashAdjusted",
      adjustment: { id: "A-1", kind, source: `broker activity ${type}`, at: told.at },
    });
    expect(scene.account.cash.adjusted.toString()).toBe("-1.5");
  });

  it("without an amount, or of nothing, leaves no trace", () => {
    const scene = known();
    expect(take(scene, entry(scene, { instrumentId: null, quantity: d("5") }))).toEqual([]);
    expect(take(scene, entry(scene, { id: "A-2" }))).toEqual([]);
    const zeroes = { id: "A-3", quantity: d("0"), netAmount: d("0") };
    expect(take(scene, entry(scene, zeroes))).toEqual([]);
  });
});

describe("an entry of an instrument", () => {
  it.each([
    ["DIV", "dividend", "0"],
    ["FEE", "fee", "0"],
    ["PTC", "fee", "0"],
    ["CFEE", "fee_in_kind", "-2"],
    ["SPLIT", "split", "-2"],
    ["SSP", "split", "-2"],
    ["SSO", "split", "-2"],
    ["ACATS", "transfer", "-2"],
  ])("of type %s is a %s that moves %s", (type, kind, moved) => {
    const scene = known();
    scene.world.hold(AAPL, "10", "100");
    const told = entry(scene, { type, quantity: d("-2"), netAmount: d("3"), price: d("90") });
    const events = take(scene, told);
    const [adjustment] = adjustments(events);
    expect(adjustment).toMatchObject({
      id: "A-1",
      kind,
      strategyId: null,
      source: `broker activity ${type}`,
      at: told.at,
    });
    expect(adjustment?.quantity.toString()).toBe(moved);
    expect(adjustment?.amount.toString()).toBe("3");
    expect(adjustment?.price?.toString() ?? null).toBe(kind === "transfer" ? "90" : null);
  });

  it("that moves shares and no cash counts, and so does cash without shares", () => {
    const scene = known();
    const shares = entry(scene, { type: "ACATS", quantity: d("2"), price: d("90") });
    expect(adjustments(take(scene, shares))).toHaveLength(1);
    const cash = entry(scene, { id: "A-2", netAmount: d("2") });
    expect(adjustments(take(scene, cash))).toHaveLength(1);
  });

  it("is counted once, and not at all when it is no younger than the first contact", () => {
    const scene = known();
    const told = entry(scene, { netAmount: d("3") });
    expect(adjustments(take(scene, told))).toHaveLength(1);
    expect(take(scene, told)).toEqual([]);
    const first = scene.account.firstContactAt ?? 0;
    const old = { id: "A-2", netAmount: d("3"), at: first };
    expect(take(scene, entry(scene, old))).toEqual([]);
    expect(adjustments(take(scene, entry(scene, { ...old, at: first + 1 })))).toHaveLength(1);
  });
});

describe("a split", () => {
  it("is shared out among the strategies, and nobody's part is the rest", () => {
    const scene = known();
    scene.world.hold(AAPL, "6", "100", "a");
    scene.world.hold(AAPL, "3", "100", "b");
    scene.world.hold(AAPL, "1", "100");
    const parts = adjustments(take(scene, entry(scene, { type: "SPLIT", quantity: d("10") })));
    expect(
      parts.map(({ id, strategyId, quantity }) => [id, strategyId, quantity.toString()]),
    ).toEqual([
      ["A-1@a", "a", "6"],
      ["A-1@b", "b", "3"],
      ["A-1", null, "1"],
    ]);
    expect(scene.position()).toBe("20");
    const share = scene.account.positions.ofStrategy(AAPL, asId<StrategyId>("a"));
    expect(share?.quantity.toString()).toBe("12");
  });

  it("gives no strategy more than its share, to the ninth decimal", () => {
    const scene = known();
    scene.world.hold(AAPL, "1", "100", "a");
    scene.world.hold(AAPL, "2", "100");
    const parts = adjustments(take(scene, entry(scene, { type: "SPLIT", quantity: d("1") })));
    expect(parts.map(({ quantity }) => quantity.toString())).toEqual([
      "0.333333333",
      "0.666666667",
    ]);
  });

  it("of what is not held is nobody's", () => {
    const scene = known();
    const parts = adjustments(take(scene, entry(scene, { type: "SPLIT", quantity: d("2") })));
    expect(parts.map(({ id, strategyId }) => [id, strategyId])).toEqual([["A-1", null]]);
  });
});

describe("an entry that the broker changes", () => {
  const transfer = { type: "ACATS", quantity: d("2"), price: d("90"), netAmount: d("-1") } as const;
  const figures = "2 AAPL, -1 in cash";

  it("taken back is undone, once, and told with its figures", () => {
    const scene = known();
    take(scene, entry(scene, transfer));
    const events = take(scene, entry(scene, { ...transfer, status: "cancelled" }));
    expect(adjustments(events)[0]).toMatchObject({ id: "A-1:cancelled", kind: "transfer" });
    expect(adjustments(events)[0]?.amount.toString()).toBe("1");
    expect(only(events, "DifferenceFound")).toEqual({
      type: "DifferenceFound",
      kind: "execution",
      subject: "A-1",
      ours: null,
      theirs: `ACATS cancelled: ${figures}`,
      action: "taken back: it had been counted",
    });
    expect(scene.told).toContain(`The broker cancelled its entry A-1 (ACATS): ${figures}.`);
    expect(scene.position()).toBe("0");
    expect(take(scene, entry(scene, { ...transfer, status: "cancelled" }))).toEqual([]);
  });

  it("taken back before it was counted is nothing", () => {
    const scene = known();
    expect(take(scene, entry(scene, { ...transfer, status: "cancelled" }))).toEqual([]);
  });

  it("corrected before it was counted counts as it is, and is told", () => {
    const scene = known();
    const events = take(scene, entry(scene, { ...transfer, status: "corrected" }));
    expect(adjustments(events)[0]).toMatchObject({ id: "A-1:corrected" });
    expect(only(events, "DifferenceFound").action).toBe("counted as corrected");
    expect(take(scene, entry(scene, { ...transfer, status: "corrected" }))).toEqual([]);
    expect(scene.position()).toBe("2");
    const gone = take(scene, entry(scene, { ...transfer, status: "cancelled" }));
    expect(only(gone, "DifferenceFound").action).toBe("taken back: it had been counted");
    expect(scene.position()).toBe("0");
  });

  it("corrected after it was counted stays as it was, and a person is told", () => {
    const scene = known();
    take(scene, entry(scene, transfer));
    const more = { ...transfer, quantity: d("5"), status: "corrected" } as const;
    const events = take(scene, entry(scene, more));
    expect(only(events, "DifferenceFound")).toMatchObject({
      theirs: "ACATS corrected: 5 AAPL, -1 in cash",
      action: "told: it stays counted as it was before",
    });
    expect(scene.position()).toBe("2");
    const gone = take(scene, entry(scene, { ...more, status: "cancelled" }));
    expect(only(gone, "DifferenceFound").action).toBe(
      "told: what it said before it was corrected stays counted",
    );
    expect(scene.position()).toBe("2");
    expect(scene.alarms.filter((code) => code === "activity_changed")).toHaveLength(2);
  });

  it("that moves nothing is changed without a word", () => {
    const scene = known();
    const none = { type: "DIV", netAmount: d("0"), status: "corrected" } as const;
    expect(take(scene, entry(scene, none))).toEqual([]);
    expect(scene.alarms).toEqual([]);
  });

  it("without figures or a symbol is told as nothing of nothing", () => {
    const scene = known();
    const cash = { type: "JNLC", instrumentId: null, symbol: null, netAmount: d("4") } as const;
    take(scene, entry(scene, cash));
    const bare = { ...cash, netAmount: null, status: "corrected" } as const;
    const events = take(scene, entry(scene, bare));
    expect(only(events, "DifferenceFound").theirs).toBe("JNLC corrected: 0 , 0 in cash");
    expect(types(events)).toEqual(["CashAdjusted", "DifferenceFound"]);
  });
});

describe("an entry that the book has forgotten", () => {
  /** Two of five go to others, who hold some. */
  function shared(): { readonly scene: Scene; readonly told: BrokerActivity } {
    const scene = known();
    scene.world.apply({
      ...{ type: "DifferenceAccepted", kind: "position", subject: AAPL, amount: d("-2") },
      reason: "left to others",
    });
    const told = entry(scene, { type: "JNLS", quantity: d("5"), netAmount: d("0") });
    expect(adjustments(take(scene, told))).toMatchObject([{ id: "A-1", quantity: d("3") }]);
    return { scene, told };
  }

  /** As it is loaded behind ten thousand others. */
  function forget({ account }: Scene): (ids: readonly string[]) => CountedAdjustment[] {
    const recorded = new Map([...account.adjustments].map((id) => [id, account.ours.get(id)]));
    account.adjustments.clear();
    account.ours.clear();
    return (ids) =>
      ids
        .filter((id) => recorded.has(id))
        .map((id) => ({ id, instrumentId: AAPL, ...NOTHING_OURS, ...recorded.get(id) }));
  }

  const NOTHING_OURS = { quantity: d("0"), amount: d("0") };
  const look = (scene: Scene, told: BrokerActivity): Input => ({
    ...{ kind: "view", accountId: ACCOUNT_ID },
    view: scene.viewOf({ activities: [told], positions: shown(scene) }),
  });

  it("is counted once", () => {
    const { scene, told } = shared();
    const load = forget(scene);
    const names = namesNeeded(scene.book, look(scene, told))?.adjustments ?? [];
    expect(names).toEqual(["A-1"]);
    adoptLoadedAdjustments(scene.book, ACCOUNT_ID, load(names));
    expect(namesNeeded(scene.book, look(scene, told))).toBeNull();
    expect(take(scene, told)).toEqual([]);
  });

  it("is taken back as it went, from us and from others", () => {
    const { scene, told } = shared();
    const load = forget(scene);
    const cancelled = { ...told, status: "cancelled" } as const;
    const names = namesNeeded(scene.book, look(scene, cancelled))?.adjustments ?? [];
    adoptLoadedAdjustments(scene.book, ACCOUNT_ID, load(names));
    expect(adjustments(take(scene, cancelled))).toMatchObject([
      { id: "A-1:cancelled", quantity: d("-3") },
    ]);
  });

  it("is as new in the one as in the other when it comes back", () => {
    const { scene } = shared();
    const { adjustments: ids, ours } = scene.account;
    ours.set("B", NOTHING_OURS);
    ids.delete("A-1");
    const back = { id: "A-1", instrumentId: AAPL, quantity: d("3"), amount: d("0") };
    adoptLoadedAdjustments(scene.book, ACCOUNT_ID, [back]);
    expect([[...ids].at(-1), [...ours.keys()].at(-1)]).toEqual(["A-1", "A-1"]);
  });
});
