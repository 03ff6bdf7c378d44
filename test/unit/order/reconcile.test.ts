// What an account believes beside what its broker shows: which differences there are, which of them a look
// can speak of, and which orders it ought to have shown.
import { describe, expect, it } from "vitest";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import type { AccountBook } from "../../../src/domain/book.ts";
import type { BrokerOrderSnapshot, BrokerView } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId, OrderId } from "../../../src/domain/ids.ts";
import {
  comparePositions,
  eachSnapshot,
  filledBehind,
  judgeDifference,
  missingFrom,
  saysSomethingAbout,
  standingSuspicion,
  untoldOrders,
} from "../../../src/domain/order/reconcile.ts";
import type { Settled } from "../../../src/domain/order/settled.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import { ACCOUNT, brokerId, INSTRUMENT, orderOf, snapshotOf } from "../../support/orders.ts";
import { factOf } from "../position/script.ts";
import { play } from "./script.ts";

const of = (text: string): Decimal => Decimal.of(text);
const MSFT = asId<InstrumentId>("XNAS:MSFT");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const account = (): AccountBook =>
  createAccountBook({
    id: ACCOUNT,
    broker: "test",
    environment: "mock",
    currency: "USD",
    dayZone: "America/New_York",
    dayRoll: "00:00",
  });
const stateAfter = (steps: string, more: Partial<OrderState> = {}): OrderState => ({
  ...play({ rule: "", steps, ends: "" }).stage.state,
  ...more,
});

/** The order in the book, with the indexes that a look goes by. */
function know(book: AccountBook, order: OrderState): OrderState {
  book.orders.set(order.id, order);
  book.open.add(order.id);
  const others = book.openByInstrument.get(order.instrumentId) ?? [];
  book.openByInstrument.set(order.instrumentId, new Set([...others, order.id]));
  for (const id of [...order.brokerOrderChain, order.brokerOrderId]) {
    if (id !== null) book.byBrokerOrderId.set(id, order.id);
  }
  return order;
}

describe("positions that differ", () => {
  const shown = (
    quantity: string,
    averagePrice: string | null = null,
    id: InstrumentId | null,
  ) => ({
    symbol: "X",
    instrumentId: id,
    quantity: of(quantity),
    averagePrice: averagePrice === null ? null : of(averagePrice),
  });
  const compare = (
    held: string | null,
    positions: Parameters<typeof comparePositions>[1],
    theirs: string | null = null,
  ) => {
    const { positions: ledger, others } = account();
    if (theirs !== null) others.set(INSTRUMENT, of(theirs));
    const keys = { instrumentId: INSTRUMENT, strategyId: null };
    if (held !== null) ledger.apply(factOf(["buy", `${held}@100`], 1), keys);
    return comparePositions({ positions: ledger, others }, positions, (id) =>
      ledger.quantity(id),
    ).map(
      ({ instrumentId, ours, theirs, averagePrice }) =>
        `${instrumentId} ${ours} there ${theirs} at ${averagePrice}`,
    );
  };

  it.each([
    ["the same on both sides", "7", [shown("7", "90", INSTRUMENT)], []],
    ["nothing on both sides", null, [], []],
    ["more there", "7", [shown("9", "90", INSTRUMENT)], ["XNYS:AAPL 7 there 9 at 90"]],
    ["held here alone", "7", [], ["XNYS:AAPL 7 there 0 at null"]],
    ["held there alone", null, [shown("-3", "90", INSTRUMENT)], ["XNYS:AAPL 0 there -3 at 90"]],
    [
      "shown without a price",
      null,
      [shown("3", null, INSTRUMENT)],
      ["XNYS:AAPL 0 there 3 at null"],
    ],
    ["of what we cannot name", null, [shown("3", "90", null)], []],
    [
      "one here, another there",
      "7",
      [shown("2", "50", MSFT)],
      ["XNAS:MSFT 0 there 2 at 50", "XNYS:AAPL 7 there 0 at null"],
    ],
  ] as const)("%s", (_name, held, positions, differences) => {
    expect(compare(held, positions)).toEqual(differences);
  });

  it("what is another's counts as held here, since the broker shows both together", () => {
    expect(compare("7", [shown("9", "90", INSTRUMENT)], "2")).toEqual([]);
    expect(compare("7", [shown("8", "90", INSTRUMENT)], "2")).toEqual([
      "XNYS:AAPL 9 there 8 at 90",
    ]);
    expect(compare(null, [], "2")).toEqual(["XNYS:AAPL 2 there 0 at null"]);
  });
});

describe("whether a look says something about an instrument", () => {
  const says = (book: AccountBook): boolean => saysSomethingAbout(book, INSTRUMENT, { logSeq: 40 });
  const says40 = (seq: number, of: InstrumentId = INSTRUMENT): boolean => {
    const book = account();
    book.lastFill.set(of, { at: 1, seq });
    return says(book);
  };

  it("as long as nothing happens there", () => {
    expect(says(account())).toBe(true);
    expect(filledBehind(account(), INSTRUMENT, 0)).toBe(false);
  });

  it("not when a fill was booked behind the place where it began", () => {
    expect([39, 40, 41].map((seq) => says40(seq))).toEqual([true, true, false]);
    expect(says40(41, MSFT)).toBe(true);
  });

  it.each([
    ["a send is not answered", "submit", false],
    ["a send's answer was lost", "submit\nanswer unresolved", false],
    ["a cancel's answer was lost", "submit\nack\nwant cancel\ncancel answer unresolved", false],
    ["an order rests", "submit\nack", true],
    ["an order is held", "held 60", true],
  ])("while %s: %#", (_name, steps, expected) => {
    const book = account();
    know(book, stateAfter(steps));
    expect(says(book)).toBe(expected);
  });

  it("one order that waits for its answer is enough, and one that was let go is none", () => {
    const book = account();
    book.openByInstrument.set(INSTRUMENT, new Set([asId<OrderId>("let go")]));
    expect(says(book)).toBe(true);
    know(book, stateAfter("submit\nack", { id: asId<OrderId>("rests") }));
    know(book, stateAfter("submit", { id: asId<OrderId>("waits") }));
    expect(says(book)).toBe(false);
  });
});

describe("a difference is believed when a second look still finds it", () => {
  const SEEN_AT = 100 * MINUTE;
  const difference = {
    instrumentId: INSTRUMENT,
    ours: of("7"),
    theirs: of("9"),
    averagePrice: null,
  };
  const suspecting = (change: { readonly difference?: string; readonly seq?: number } = {}) => {
    const book = account();
    const seq = change.seq ?? 40;
    const suspected = of(change.difference ?? "2");
    const figures = { difference: suspected, averagePrice: null };
    book.suspected.set(INSTRUMENT, { at: SEEN_AT, seq, ...figures });
    return book;
  };
  const judged = (book: AccountBook, afterMs: number, now = SEEN_AT + afterMs) =>
    judgeDifference(book, difference, { viewAt: SEEN_AT + afterMs, now });

  it("the first look only notes it", () => {
    expect(judged(account(), 0)).toBe("new");
  });

  it.each([
    [0, "waiting"],
    [1_999, "waiting"],
    [2_000, "confirmed"],
    [15 * MINUTE, "confirmed"],
    [15 * MINUTE + 1, "new"],
  ])("a look %d ms later finds it %s", (afterMs, expected) => {
    expect(judged(suspecting(), afterMs)).toBe(expected);
  });

  it("another size, or the other direction, is another difference", () => {
    expect(judged(suspecting({ difference: "3" }), MINUTE)).toBe("new");
    expect(judged(suspecting({ difference: "-2" }), MINUTE)).toBe("new");
  });

  it("a fill since then makes it new: it may be what the fill brought", () => {
    const filled = (seq: number): AccountBook => {
      const book = suspecting();
      book.lastFill.set(INSTRUMENT, { at: 1, seq });
      return book;
    };
    expect(judged(filled(40), MINUTE)).toBe("confirmed");
    expect(judged(filled(41), MINUTE)).toBe("new");
  });

  it("a person may decide about it while it is young and nothing was filled since", () => {
    const standing = (book: AccountBook, afterMs: number): boolean =>
      standingSuspicion(book, INSTRUMENT, SEEN_AT + afterMs) !== null;
    expect(standingSuspicion(suspecting(), INSTRUMENT, SEEN_AT)?.difference).toEqual(of("2"));
    expect(standing(suspecting(), 15 * MINUTE)).toBe(true);
    expect(standing(suspecting(), 15 * MINUTE + 1)).toBe(false);
    expect(standing(account(), 0)).toBe(false);
    const filled = suspecting();
    filled.lastFill.set(INSTRUMENT, { at: 1, seq: 41 });
    expect(standing(filled, 0)).toBe(false);
  });

  it("one that was noted in the future, by a clock that was set back since, is new", () => {
    expect(judged(suspecting(), 0, SEEN_AT - 2 * SECOND)).toBe("waiting");
    expect(judged(suspecting(), 0, SEEN_AT - 2 * SECOND - 1)).toBe("new");
  });
});

describe("orders that a look ought to show", () => {
  const VIEW_AT = 10 * MINUTE;
  const resting = stateAfter("submit\nack");
  const missing = (order: OrderState, lists: Partial<BrokerView> = {}, isKnown = true) => {
    const book = account();
    know(book, order);
    if (!isKnown) book.orders.delete(order.id);
    return missingFrom(book, viewOf(lists)).map(({ id }) => id);
  };
  const viewOf = (lists: Partial<BrokerView>): BrokerView => ({
    at: VIEW_AT,
    logSeq: 40,
    account: {
      number: "1",
      currency: "USD",
      equity: Decimal.ZERO,
      cash: Decimal.ZERO,
      buyingPower: Decimal.ZERO,
      nonMarginableBuyingPower: null,
      shortingEnabled: true,
      tradingBlocked: false,
    },
    openOrders: [],
    askedOrders: [],
    pastOrders: [],
    executions: [],
    positions: [],
    activities: [],
    ...lists,
  });
  const snapshot = snapshotOf(resting);

  it("an open one that it does not show is missing", () => {
    expect(missing(resting)).toEqual([resting.id]);
  });

  it.each(["openOrders", "askedOrders", "pastOrders"] as const)("one among %s is not", (list) => {
    expect(missing(resting, { [list]: [snapshot] })).toEqual([]);
  });

  it("nor one that is the leg of another", () => {
    const parent = { ...snapshot, brokerOrderId: brokerId("parent"), legs: [snapshot] };
    expect(missing(resting, { openOrders: [parent] })).toEqual([]);
    expect([...eachSnapshot(viewOf({ openOrders: [parent] }))]).toEqual([parent, snapshot]);
  });

  it("one that we heard of after the look began may have come after it", () => {
    expect(missing({ ...resting, updatedAt: VIEW_AT - 1 })).toEqual([resting.id]);
    expect(missing({ ...resting, updatedAt: VIEW_AT })).toEqual([]);
  });

  it("one without a name at the broker, or let go of, cannot be missed", () => {
    expect(missing(stateAfter("submit"))).toEqual([]);
    expect(missing(resting, {}, false)).toEqual([]);
  });
});

describe("of the orders placed in a gap of the stream", () => {
  const CONTACT = 5 * SECOND;
  const LATER = CONTACT + 1;
  const placed = (change: Partial<BrokerOrderSnapshot> = {}): BrokerOrderSnapshot =>
    snapshotOf(orderOf(), { status: "filled", updatedAt: LATER, ...change });
  const told = (
    order: BrokerOrderSnapshot,
    book: AccountBook,
    shown: readonly string[] = [],
    settled: Settled = new Map(),
  ) => untoldOrders(book, [order], { shown: new Set(shown.map(brokerId)), settled }).length === 1;
  const met = (): AccountBook => Object.assign(account(), { firstContactAt: CONTACT });
  const with4 = { filledQuantity: of("4") };

  it("those tell something that nobody has heard of", () => {
    expect(told(placed(), met())).toBe(true);
  });

  it("none does before the first contact, and none that ended before it", () => {
    expect(told(placed(), account())).toBe(false);
    expect(told(placed({ updatedAt: CONTACT }), met())).toBe(false);
  });

  it("what is listed as open is not told twice, nor what is known to be gone", () => {
    expect(told(placed(), met(), ["B1"])).toBe(false);
    const gone = met();
    gone.goneExternal.add(brokerId("B1"));
    expect(told(placed(), gone)).toBe(false);
  });

  it.each([
    ["as it was booked", { averagePrice: of("100") }, false],
    ["at another price", { averagePrice: of("101") }, true],
    ["with more", { filledQuantity: of("5") }, true],
    ["open", { status: "partially_filled" }, true],
  ] as const)(
    "one that the book has forgotten tells what the record lacks: %s",
    (_how, change, is) => {
      const id = brokerId("B1");
      const known = { brokerOrderId: id, filledQuantity: of("4"), filledNotional: of("400") };
      const shown = placed({ ...with4, averagePrice: of("100"), ...change });
      expect(told(shown, met(), [], new Map([[id, known]]))).toBe(is);
    },
  );

  it("an order tells what its leg does", () => {
    const leg = placed({ brokerOrderId: brokerId("leg") });
    const parent = placed({ updatedAt: CONTACT, legs: [leg] });
    expect(told(parent, met())).toBe(true);
    expect(told({ ...parent, legs: [{ ...leg, updatedAt: CONTACT }] }, met())).toBe(false);
  });

  it.each([
    ["one of ours that we believe open", "submit\nack\nfill 4@100", with4, true],
    ["one booked to its end", "submit\nack\nfill 4@100\ncancelled", with4, false],
    [
      "one at another price",
      "submit\nack\nfill 4@100\ncancelled",
      { ...with4, averagePrice: of("101") },
      true,
    ],
    ["one that filled more than was booked", "submit\nack\nfill 3@100\ncancelled", with4, true],
    ["an earlier one of ours, booked to its end", "submit\nack\nreplaced B2", {}, false],
    ["an earlier one of ours with a fill", "submit\nack\nreplaced B2", with4, true],
  ] as const)("%s: %#", (_name, steps, change, expected) => {
    const book = met();
    know(book, stateAfter(steps));
    expect(told(placed(change), book)).toBe(expected);
  });
});
