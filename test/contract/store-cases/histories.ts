// What a position is made of, read page by page from the last checkpoint before a place: whatever came late,
// was taken back or corrected, and whenever the worker began anew, the rows are the fold of all of it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { ExecutionId, StrategyId } from "../../../src/domain/ids.ts";
import type { Checkpoint } from "../../../src/domain/position/checkpoints.ts";
import { flatHolding } from "../../../src/domain/position/holding.ts";
import { PositionLedger } from "../../../src/domain/position/ledger.ts";
import type { Place } from "../../../src/domain/position/place.ts";
import { ADJUSTMENT_KINDS } from "../../../src/domain/position/state.ts";
import type { Adjustment, AdjustmentKind } from "../../../src/domain/position/state.ts";
import {
  AAPL,
  accepted,
  Desk,
  executed,
  fillOf,
  MORNING,
  orderOfSignal,
  type HistoryStore,
  type StoreUnderTest,
} from "./scene.ts";
import { positionHistory, rebuild } from "../../support/position-history.ts";

const D = Decimal.of;
const TREND = asId<StrategyId>("trend");
const placeOf = (at: number, id: string, kind: Place["kind"] = "execution"): Place => ({
  ...{ at: MORNING + at, id: asId<ExecutionId>(id), kind },
});

function adjusted(
  id: string,
  at: number,
  rest: Partial<Adjustment> = {},
): EventOf<"PositionAdjusted"> {
  const nothing = { quantity: Decimal.ZERO, price: null, amount: Decimal.ZERO, source: "test" };
  const of = { instrumentId: AAPL, strategyId: null, kind: "transfer", at: MORNING + at } as const;
  return { type: "PositionAdjusted", adjustment: { id, ...of, ...nothing, ...rest } };
}

const undoing = (id: string, undoes: string, at: number): EventOf<"PositionAdjusted"> => ({
  ...adjusted(id, at),
  undoes,
});

export function historyCases(
  under: () => StoreUnderTest,
  fresh: () => Promise<StoreUnderTest>,
): void {
  const store = () => under().store;

  it("has every fact that counts in its place, page by page, each with its order", async () => {
    const desk = await Desk.open(store(), 0);
    const other = await Desk.open(store(), 1);
    const at = (executedAt: number) => ({ executedAt: MORNING + executedAt });
    await other.commit(...other.placing(2), accepted(2), executed(2, "elsewhere"));
    await desk.commit(...desk.placing(1, {}, { strategyId: TREND }), accepted(1));
    await desk.commit(executed(1, "c", at(7)), executed(1, "a", at(9)), executed(1, "b", at(7)));
    await desk.commit(executed(1, "gone", at(8)), executed(1, "wrong", at(8)));
    const orderId = orderOfSignal(1);
    const wrong = asId<ExecutionId>("wrong");
    await desk.commit(
      { type: "ExecutionBusted", orderId, executionId: asId<ExecutionId>("gone") },
      { type: "ExecutionCorrected", orderId, executionId: wrong, by: fillOf(1, "right", at(8)) },
      adjusted("b", 7, { quantity: D("1.5"), price: D("9"), amount: D("-2"), kind: "adopted" }),
      adjusted("undone", 6, { quantity: D("3") }),
    );
    await desk.commit(undoing("undoing", "undone", 10), adjusted("cash", 10, { amount: D("7") }));
    const name = { accountId: desk.account, instrumentId: AAPL };
    const named: string[] = [];
    let after: Place | null = null;
    for (;;) {
      const page = await store().loadPositionFacts(name, { after, limit: 2 });
      named.push(
        ...page.map(({ fact: { at: when, id, kind } }) => `${when - MORNING} ${id} ${kind}`),
      );
      for (const { fact, orderId: of, strategyId } of page) {
        const isFill = fact.kind === "execution";
        expect([of, strategyId]).toEqual(isFill ? [orderId, TREND] : [null, null]);
      }
      after = page.at(-1)?.fact ?? null;
      if (page.length < 2) break;
    }
    expect(named).toEqual([
      "7 b adjustment",
      "7 b execution",
      "7 c execution",
      "8 right execution",
      "9 a execution",
      "10 cash adjustment",
    ]);
    const [, fill, ...rest] = await store().loadPositionFacts(name, { after: null, limit: 10 });
    const { id, quantity, price, fee, feeInAsset } = fillOf(1, "b");
    const figures = { id, quantity, price, fee, feeInAsset };
    expect(fill?.fact).toEqual({ kind: "execution", side: "buy", at: MORNING + 7, ...figures });
    expect(rest.at(-1)?.fact).toEqual({
      ...{ kind: "adjustment", id: "cash", at: MORNING + 10 },
      adjustment: adjusted("cash", 10, { amount: D("7") }).adjustment,
    });
    const [first] = await store().loadPositionFacts(name, { after: null, limit: 1 });
    expect(first?.fact).toMatchObject({
      adjustment: { quantity: D("1.5"), price: D("9"), amount: D("-2"), kind: "adopted" },
    });
  });

  it("keeps checkpoints with their shares until something comes before them", async () => {
    const desk = await Desk.open(store(), 0);
    const name = { accountId: desk.account, instrumentId: AAPL };
    const nothing = flatHolding(name);
    const checkpoint = (place: Place, version: number): Checkpoint => {
      const net = { ...nothing.net, quantity: D("0.123456789"), openedAt: MORNING + 1, version };
      const share = { ...net, strategyId: TREND, fees: D("-1"), openedAt: null };
      return { place, state: { net, shares: new Map([[TREND, share]]) } };
    };
    const change = (reached: readonly Checkpoint[], forgotten: { since: Place | null } | null) => ({
      ...desk.part([adjusted(`now ${desk.book.seq}`, 1)]),
      checkpoints: [{ ...name, reached, forgotten }],
    });
    const [one, two] = [checkpoint(placeOf(5, "a"), 1), checkpoint(placeOf(5, "b"), 2)];
    const three = checkpoint(placeOf(5, "b", "adjustment"), 3);
    const four = checkpoint(placeOf(6, "a"), 4);
    await store().commit([change([four, two, one, three], null)]);
    const before = (at: number, id: string, kind?: Place["kind"]) =>
      store().loadCheckpoint(name, placeOf(at, id, kind));
    expect(await before(5, "a")).toBeNull();
    expect(await before(5, "b", "adjustment")).toEqual(one);
    expect(await before(5, "b")).toEqual(three);
    expect(await before(5, "c")).toEqual(two);
    expect(await before(6, "a")).toEqual(two);
    expect(await before(7, "")).toEqual(four);
    expect(
      await store().loadCheckpoint({ ...name, instrumentId: asId("XNYS:X") }, placeOf(9, "")),
    ).toBe(null);
    const again = checkpoint(placeOf(6, "a"), 5);
    await store().commit([change([again], { since: placeOf(5, "b") })]);
    expect(await before(9, "")).toEqual(again);
    expect(await before(6, "a")).toEqual(three);
    await store().commit([change([], { since: null })]);
    expect(await before(9, "")).toBeNull();
  });

  it("does not believe a checkpoint that lacks something", async () => {
    const desk = await Desk.open(store(), 0);
    const name = { accountId: desk.account, instrumentId: AAPL };
    const fill = (id: string, at: number) => executed(1, id, { executedAt: MORNING + at });
    await desk.commit(...desk.placing(1, { quantity: D("1000") }), accepted(1), fill("a", 5));
    const lie = { place: placeOf(2, "x"), state: flatHolding(name) };
    const part = desk.part([fill("b", 6)]);
    const lying = { ...flatHolding(name).net, quantity: D("50"), version: 1 };
    const state = { ...lie.state, net: lying };
    const checkpoints = [{ ...name, forgotten: null, reached: [{ ...lie, state }] }];
    await store().commit([{ ...part, checkpoints }]);
    await desk.beginAnew(SIZES);
    await desk.commitLate(store(), [fill("c", 4)]);
    const [row] = [...(await positionsOn(under(), desk)).of(AAPL)];
    expect(row?.quantity.toString()).toBe("12");
    // The rows agree with what was held.
    expect(desk.alarms).toEqual([]);
    expect(await store().loadCheckpoint(name, placeOf(9, ""))).toBeNull();
  });

  it("believes the rows where they come to another position, and says so", async () => {
    const desk = await Desk.open(store(), 0);
    const fill = (id: string, at: number) => executed(1, id, { executedAt: MORNING + at });
    await desk.commit(...desk.placing(1, { quantity: D("1000") }, {}), accepted(1), fill("a", 5));
    await desk.beginAnew(SIZES);
    const [held] = [...positionsIn(desk).of(AAPL)];
    if (held === undefined) throw new Error("nothing is held");
    // As a book that had counted what is in no row.
    const wrong = PositionLedger.restore(desk.account, [{ ...held, version: 2 }], SIZES);
    const book = desk.book.accounts.get(desk.account);
    if (book !== undefined) desk.book.accounts.set(desk.account, { ...book, positions: wrong });
    await desk.commitLate(store(), [fill("late", 4)]);
    const [row] = [...(await positionsOn(under(), desk)).of(AAPL)];
    expect([row?.quantity.toString(), row?.version]).toEqual(["8", 2]);
    expect(desk.alarms).toEqual([
      expect.objectContaining({ kind: "alarm", code: "position_contradicted" }),
    ]);
  });

  it("comes to the fold of all facts, whatever came late and whenever the worker began anew", async () => {
    await fc.assert(
      fc.asyncProperty(STORIES, async (batches) => {
        await play(await fresh(), batches);
      }),
      { numRuns: 40 },
    );
  });
}

const positionsIn = (desk: Desk): PositionLedger => {
  const book = desk.book.accounts.get(desk.account);
  if (book === undefined) throw new Error("the account has no book");
  return book.positions;
};

const positionsOn = async (under: StoreUnderTest, desk: Desk): Promise<PositionLedger> => {
  const book = (await under.store.loadBook(desk.partition)).accounts.get(desk.account);
  if (book === undefined) throw new Error("the account has no book");
  return book.positions;
};

// ---- stories ------------------------------------------------------------------------------------

const at = fc.integer({ min: 1, max: 20 });
const size = fc.integer({ min: 1, max: 9 });
const signed = fc.integer({ min: -9, max: 9 });
const price = fc.integer({ min: 90, max: 110 });
const pick = fc.nat();
const STEPS = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ is: fc.constant("fill"), order: fc.nat(3), at, size, price }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("bust"), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant("correct"), pick, at, size, price, same: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("adjust"),
      kind: fc.constantFrom(...ADJUSTMENT_KINDS),
      ...{ at, quantity: signed, price: fc.option(price), amount: signed },
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("undo"), pick, at }) },
);
type Step = typeof STEPS extends fc.Arbitrary<infer Value> ? Value : never;
interface Batch {
  readonly steps: readonly Step[];
  readonly restarts: boolean;
}
const STORIES: fc.Arbitrary<readonly Batch[]> = fc.array(
  fc.record({ steps: fc.array(STEPS, { minLength: 1, maxLength: 8 }), restarts: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
);
const SIZES = { segmentFacts: 2, checkpointFacts: 4 };

async function play(under: StoreUnderTest, batches: readonly Batch[]): Promise<void> {
  const story = new Story();
  const desk = await Desk.open(under.store, 0);
  await desk.beginAnew(SIZES);
  const placed = [0, 1, 2, 3].flatMap((order) => {
    const side = order % 2 === 0 ? "buy" : "sell";
    const strategyId = order < 2 ? TREND : null;
    const n = numberOf(order);
    return [...desk.placing(n, { side, quantity: D("1000") }, { strategyId }), accepted(n)];
  });
  await desk.commit(...placed);
  story.events.push(...placed);
  for (const { steps, restarts } of batches) {
    const told = story.events.length;
    for (const step of steps) story.events.push(...story.tell(step));
    const events = story.events.slice(told);
    await desk.commitLate(believing(under.store), events);
    if (restarts) await desk.beginAnew(SIZES);
    const expected = new PositionLedger(desk.account);
    rebuild(expected, AAPL, positionHistory(AAPL, story.events));
    const stored = await positionsOn(under, desk);
    expect(rowsOf(stored)).toEqual(rowsOf(expected));
  }
  expect(desk.alarms).toEqual([]);
  if (under.differences !== undefined) expect(await under.differences()).toEqual([]);
}

/** Those of whom nothing is left have a row, or not. */
function rowsOf(ledger: PositionLedger): readonly string[] {
  const rows = [...ledger.of(AAPL)].filter(({ version }) => version > 0);
  return rows.map((row) => `${row.strategyId ?? ""} ${JSON.stringify(row)}`).toSorted();
}

/** Fails where what was folded from a checkpoint does not agree, and the history is read from the beginning. */
function believing(store: HistoryStore): HistoryStore {
  let from: Checkpoint | null = null;
  return {
    async loadCheckpoint(of, before) {
      from = await store.loadCheckpoint(of, before);
      return from;
    },
    loadPositionFacts(of, page) {
      if (page.after === null && from !== null) throw new Error("the checkpoint was not believed");
      return store.loadPositionFacts(of, page);
    },
  };
}

const numberOf = (order: number): number => order + 1;

/** What happens, as events that may follow each other. */
class Story {
  readonly events: DomainEvent[] = [];
  readonly #fills: { order: number; id: string }[] = [];
  readonly #adjustments: string[] = [];
  #count = 0;

  tell(step: Step): readonly DomainEvent[] {
    this.#count += 1;
    const id = String(this.#count);
    switch (step.is) {
      case "fill":
        this.#fills.push({ order: step.order, id });
        return [executed(numberOf(step.order), id, figuresOf(step))];
      case "bust":
        return this.#fillOf(step.pick, ({ order, id: executionId }) => ({
          ...{ type: "ExecutionBusted", orderId: orderOfSignal(numberOf(order)) },
          executionId: asId<ExecutionId>(executionId),
        }));
      case "correct":
        return this.#fillOf(step.pick, ({ order, id: known }) => ({
          ...{ type: "ExecutionCorrected", orderId: orderOfSignal(numberOf(order)) },
          executionId: asId<ExecutionId>(known),
          by: fillOf(numberOf(order), step.same ? known : id, figuresOf(step)),
        }));
      case "adjust":
        this.#adjustments.push(id);
        return [this.#adjusted(id, step)];
      case "undo": {
        const undoes = this.#adjustments.splice(
          step.pick % Math.max(1, this.#adjustments.length),
          1,
        )[0];
        if (undoes === undefined) return [];
        const by = this.#adjusted(`undo ${undoes}`, { ...step, kind: "transfer", ...NO_FIGURES });
        return [{ ...by, ...this.#takenBack(undoes, by) }];
      }
    }
  }

  /** With the figures of what it takes back, the other way round. */
  #takenBack(undoes: string, by: EventOf<"PositionAdjusted">): EventOf<"PositionAdjusted"> {
    const known = this.events.find(
      (event) => event.type === "PositionAdjusted" && event.adjustment.id === undoes,
    );
    if (known?.type !== "PositionAdjusted") return { ...by, undoes };
    const { quantity, amount, price: of, kind } = known.adjustment;
    const figures = { quantity: quantity.negated(), amount: amount.negated(), price: of, kind };
    return { ...by, adjustment: { ...by.adjustment, ...figures }, undoes };
  }

  #fillOf(
    of: number,
    event: (fill: { order: number; id: string }) => DomainEvent,
  ): readonly DomainEvent[] {
    const fill = this.#fills[of % Math.max(1, this.#fills.length)];
    return fill === undefined ? [] : [event(fill)];
  }

  #adjusted(
    id: string,
    of: {
      kind: AdjustmentKind;
      at: number;
      quantity: number;
      price: number | null;
      amount: number;
    },
  ): EventOf<"PositionAdjusted"> {
    return adjusted(id, of.at, {
      kind: of.kind,
      quantity: Decimal.ofInteger(of.quantity),
      price: of.price === null ? null : Decimal.ofInteger(of.price),
      amount: Decimal.ofInteger(of.amount),
    });
  }
}

const NO_FIGURES = { quantity: 0, price: null, amount: 0 };

const figuresOf = (of: { at: number; size: number; price: number }) => ({
  quantity: Decimal.ofInteger(of.size),
  price: Decimal.ofInteger(of.price),
  executedAt: MORNING + of.at,
});
