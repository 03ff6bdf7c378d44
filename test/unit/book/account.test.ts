// What each event that is not about an order leaves in the book of its account.
import { describe, expect, it } from "vitest";
import { adoptLoadedOrders, applyEvent } from "../../../src/domain/apply.ts";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import type { AccountBook } from "../../../src/domain/book.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import type { DomainEvent, EventOf } from "../../../src/domain/event.ts";
import { asId } from "../../../src/domain/ids.ts";
import type {
  AccountId,
  BrokerOrderId,
  ExecutionId,
  InstrumentId,
  StrategyId,
} from "../../../src/domain/ids.ts";
import type { AdjustmentKind } from "../../../src/domain/position/state.ts";
import { AAPL, d, MSFT, World } from "../risk/world.ts";

const MINUTE = 60_000;
const TREND = asId<StrategyId>("trend");

/** A world whose account tells what the sums over it were told to look at again. */
function watched() {
  const touched: string[] = [];
  const aggregate = {
    touch: (id: InstrumentId) => void touched.push(id),
    touchOrder: ({ id }: { readonly id: string }) => void touched.push(id),
  };
  const account: AccountBook = { ...createAccountBook(new World().account.account), aggregate };
  return { world: new World(account), touched };
}

/** The same of an account that keeps no sums. */
function bare(): World {
  const { aggregate: _none, ...account } = createAccountBook(new World().account.account);
  return new World(account);
}

function adjust(
  world: World,
  kind: AdjustmentKind,
  more: Partial<EventOf<"PositionAdjusted">["adjustment"]> = {},
): void {
  world.apply({
    type: "PositionAdjusted",
    adjustment: {
      ...{ id: `${kind}-1`, kind, instrumentId: AAPL, strategyId: null, quantity: d("10") },
      ...{ price: d("100"), amount: Decimal.ZERO, source: "test", at: world.now, ...more },
    },
  });
}

function park(
  world: World,
  id: string,
  instrumentId: InstrumentId | null,
  executedAt: number,
): void {
  const execution = {
    ...{ id: asId<ExecutionId>(id), brokerOrderId: null, quantity: d("1"), price: d("100") },
    ...{ cumulativeQuantity: null, fee: Decimal.ZERO, feeInAsset: Decimal.ZERO, executedAt },
    source: "stream" as const,
  };
  const parked = { brokerOrderId: null, reference: null, instrumentId, side: null, execution };
  world.apply({ type: "BrokerFactParked", description: "test", raw: "{}", parked });
}

describe("the account as the broker shows it", () => {
  const observed = (more: Partial<EventOf<"AccountObserved">> = {}): DomainEvent => ({
    type: "AccountObserved",
    equity: d("100"),
    cash: d("90"),
    buyingPower: d("80"),
    nonMarginableBuyingPower: d("70"),
    shortingEnabled: false,
    asOf: 1_000,
    ...more,
  });

  it("is the last figures, and the instant at which it was seen first", () => {
    const world = new World();
    world.apply(observed());
    world.apply(observed({ equity: d("101"), asOf: 2_000 }));
    expect(world.account.equity).toEqual({
      equity: d("101"),
      cash: d("90"),
      buyingPower: d("80"),
      nonMarginableBuyingPower: d("70"),
      shortingEnabled: false,
      at: 2_000,
    });
    expect(world.account.firstContactAt).toBe(1_000);
  });

  it("keeps what cash is unexplained, and since when, while looks tell it", () => {
    const world = new World();
    world.apply(observed());
    expect(world.account.cash.look).toBeNull();
    world.apply(observed({ unexplainedCash: d("5"), asOf: 2_000 }));
    world.apply(observed({ unexplainedCash: d("5"), asOf: 3_000 }));
    world.apply(observed({ asOf: 4_000 }));
    expect(world.account.cash.look).toEqual({ unexplained: d("5"), since: 2_000 });
    expect(world.account.cash.accepted).toEqual(Decimal.ZERO);
  });

  it("counts fills until the cash agrees with what is accepted", () => {
    const world = new World();
    const fill = () => world.fill(world.work(AAPL, { quantity: "1" }), "1", "100");
    fill();
    fill();
    world.apply(observed());
    world.apply(observed({ unexplainedCash: d("5") }));
    expect(world.account.fillsSinceCash).toBe(2);
    world.apply(observed({ unexplainedCash: d("0.01") }));
    expect(world.account.fillsSinceCash).toBe(0);
  });

  it("a holding that is adopted may be rounded like a fill, an adjustment of another kind is not", () => {
    const world = new World();
    adjust(world, "opening_balance");
    expect(world.account.fillsSinceCash).toBe(0);
    adjust(world, "adopted");
    expect(world.account.fillsSinceCash).toBe(1);
  });
});

describe("cash", () => {
  const moved = (
    id: string,
    kind: "transfer" | "opening_balance",
    amount: string,
  ): DomainEvent => ({
    type: "CashAdjusted",
    adjustment: { id, kind, amount: d(amount), source: "test", at: 1 },
  });

  it("is added up, and open once the cash of the beginning is known", () => {
    const world = new World();
    world.apply(moved("a", "transfer", "5"));
    expect(world.account.cash).toMatchObject({ adjusted: d("5"), isOpen: false });
    world.apply(moved("b", "opening_balance", "100"));
    expect(world.account.cash).toMatchObject({ adjusted: d("105"), isOpen: true });
    world.apply(moved("c", "transfer", "-7"));
    expect(world.account.cash).toMatchObject({ adjusted: d("98"), isOpen: true });
    expect([...world.account.adjustments]).toEqual(["a", "b", "c"]);
  });

  it("a difference is kept as theirs over ours until a person accepts it, and fills begin anew then", () => {
    const world = new World();
    world.fill(world.work(AAPL, { quantity: "1" }), "1", "100");
    const found = {
      type: "DifferenceFound",
      kind: "cash",
      subject: "USD",
      action: "told",
    } as const;
    world.apply({ ...found, ours: "100", theirs: "93" });
    expect(world.account.cash).toMatchObject({ told: d("-7"), accepted: Decimal.ZERO });
    const accepted = { kind: "cash", subject: "USD", amount: d("-6"), reason: "fee" } as const;
    world.apply({ type: "DifferenceAccepted", ...accepted });
    expect(world.account.cash).toMatchObject({ told: d("-6"), accepted: d("-6") });
    expect([world.account.fillsSinceCash, world.account.others.size]).toEqual([0, 0]);
  });
});

describe("fills that were parked", () => {
  it.each<readonly [AdjustmentKind, boolean]>([
    ["correction", true],
    ["adopted", true],
    ["opening_balance", false],
    ["transfer", false],
    ["split", false],
  ])("are in a position that a %s takes over: %s", (kind, isCovered) => {
    const world = new World();
    park(world, "E-1", AAPL, world.now);
    adjust(world, kind, { amount: Decimal.ZERO });
    expect(world.account.parked.has(asId("E-1"))).toBe(!isCovered);
  });

  it("are in it as far as they are of its instrument and not younger", () => {
    const world = new World();
    park(world, "before", AAPL, world.now - 1);
    park(world, "then", AAPL, world.now);
    park(world, "after", AAPL, world.now + 1);
    park(world, "other", MSFT, world.now - 1);
    park(world, "whose", null, world.now - 1);
    adjust(world, "correction");
    expect([...world.account.parked.keys()]).toEqual(["after", "other", "whose"]);
  });

  it("are no longer waiting once their order counts them", () => {
    const world = new World();
    const orderId = world.work(AAPL, { quantity: "1" });
    park(world, "E-1", AAPL, world.now);
    park(world, "E-2", AAPL, world.now);
    const execution = world.account.parked.get(asId("E-1"))?.execution;
    if (execution === undefined) throw new Error("nothing is parked");
    world.apply({ type: "OrderExecuted", orderId, execution: { ...execution, orderId } });
    expect([...world.account.parked.keys()]).toEqual(["E-2"]);
  });

  it("that cannot be matched later are not kept at all", () => {
    const world = new World();
    world.apply({ type: "BrokerFactParked", description: "a bust", raw: "{}", parked: null });
    expect(world.account.parked.size).toBe(0);
  });
});

describe("the trading day", () => {
  const TRENDS = [{ strategyId: TREND, result: d("3") }];
  const started = (more = {}): DomainEvent => ({
    ...{ type: "TradingDayStarted", date: "2026-06-09", equityBaseline: d("100000") },
    ...{ realizedBaseline: d("1"), unrealizedBaseline: d("2"), ...more },
  });
  const crossed: DomainEvent = {
    ...{ type: "LossLimitCrossed", limit: "max_daily_loss_usd", loss: d("9"), allowed: d("8") },
  };
  const reset = (more = {}): DomainEvent => ({
    ...{ type: "LossLimitReset", reason: "checked", realizedBaseline: d("4") },
    ...{ unrealizedBaseline: d("5"), ...more },
  });

  it("begins with its baselines, no order and no limit crossed", () => {
    const world = new World();
    world.apply(started({ strategyBaselines: TRENDS }));
    world.place(AAPL, { quantity: "1" });
    world.apply(crossed);
    world.apply(started({ date: "2026-06-10", strategyBaselines: TRENDS }));
    expect(world.account.day).toEqual({
      date: "2026-06-10",
      equityBaseline: d("100000"),
      realizedBaseline: d("1"),
      unrealizedBaseline: d("2"),
      strategyBaselines: TRENDS,
      ordersPlaced: 0,
      lossLimitCrossed: false,
    });
  });

  it("of an older log says nothing of strategies: all of them began at zero", () => {
    const world = new World();
    world.apply(started());
    expect(world.account.day?.strategyBaselines).toEqual([]);
  });

  it("a limit stays crossed until a person resets it, and losses count from there", () => {
    const world = new World();
    world.apply(started({ strategyBaselines: TRENDS }));
    world.place(AAPL, { quantity: "1" });
    world.apply(crossed);
    expect(world.account.day).toMatchObject({ lossLimitCrossed: true, realizedBaseline: d("1") });
    const anew = [{ strategyId: TREND, result: d("-2") }];
    world.apply(reset({ strategyBaselines: anew }));
    expect(world.account.day).toMatchObject({
      ...{ date: "2026-06-09", ordersPlaced: 1, lossLimitCrossed: false },
      ...{ realizedBaseline: d("4"), unrealizedBaseline: d("5"), strategyBaselines: anew },
    });
  });

  it("a reset of an older log leaves the strategies as the day began", () => {
    const world = new World();
    world.apply(started({ strategyBaselines: TRENDS }));
    world.apply(reset());
    expect(world.account.day?.strategyBaselines).toEqual(TRENDS);
  });

  it("before the first one nothing is crossed and nothing reset", () => {
    const world = new World();
    world.apply(crossed);
    world.apply(reset());
    expect(world.account.day).toBeNull();
  });
});

describe("a difference in a position", () => {
  const found = (more: Partial<EventOf<"DifferenceFound">> = {}): DomainEvent => ({
    ...{ type: "DifferenceFound", kind: "position", subject: AAPL, ours: "10", theirs: "12" },
    ...{ action: "suspected", ...more },
  });

  it("is suspected with its size, its price and its place in the log", () => {
    const world = new World();
    world.apply(found({ averagePrice: d("99") }));
    expect(world.account.suspected.get(AAPL)).toEqual({
      ...{ difference: d("2"), averagePrice: d("99"), at: world.now, seq: 1 },
    });
    world.apply(found({ theirs: "7" }));
    expect(world.account.suspected.get(AAPL)).toMatchObject({
      ...{ difference: d("-3"), averagePrice: null, seq: 2 },
    });
  });

  it("where one side shows nothing, that side is zero", () => {
    const world = new World();
    world.apply(found({ ours: null, theirs: "4" }));
    world.apply(found({ subject: MSFT, ours: "4", theirs: null }));
    expect(world.account.suspected.get(AAPL)?.difference).toEqual(d("4"));
    expect(world.account.suspected.get(MSFT)?.difference).toEqual(d("-4"));
  });

  it.each([
    ["of an order", { kind: "order" }],
    ["of an execution", { kind: "execution" }],
    ["whose figure cannot be read", { ours: "some" }],
    ["whose other figure cannot be read", { theirs: "more" }],
  ] as const)("%s is told and not suspected", (_what, more) => {
    const world = new World();
    world.apply(found(more));
    expect([world.account.suspected.size, world.account.cash.told]).toEqual([0, Decimal.ZERO]);
  });

  it("is settled by an adjustment, or by leaving it to others, of its instrument alone", () => {
    const { world, touched } = watched();
    world.apply(found());
    world.apply(found({ subject: MSFT }));
    const left = { kind: "position", reason: "another desk" } as const;
    world.apply({ type: "DifferenceAccepted", ...left, subject: MSFT, amount: d("2") });
    expect([...world.account.suspected.keys()]).toEqual([AAPL]);
    expect([...world.account.others]).toEqual([[MSFT, d("2")]]);
    adjust(world, "correction");
    expect(world.account.suspected.size).toBe(0);
    world.apply({ type: "DifferenceAccepted", ...left, subject: MSFT, amount: d("0") });
    expect(world.account.others.size).toBe(0);
    expect(touched).toEqual([MSFT, AAPL, MSFT]);
    expect(world.account.cash.accepted).toEqual(Decimal.ZERO);
  });
});

describe("an order that is not ours", () => {
  it("is seen, ignored and gone, and the sums are told each time", () => {
    const { world, touched } = watched();
    const id = world.foreign(AAPL, { quantity: "5" });
    const snapshot = world.account.external.get(id)?.snapshot;
    if (snapshot === undefined) throw new Error("not seen");
    expect(world.account.external.get(id)?.ignored).toBe(false);
    world.apply({ type: "ExternalOrderIgnored", brokerOrderId: id });
    // More of it is filled: it stays ignored.
    const further = { ...snapshot, filledQuantity: d("2") };
    world.apply({ type: "ExternalOrderSeen", snapshot: further });
    expect(world.account.external.get(id)).toEqual({ snapshot: further, ignored: true });
    world.apply({ type: "ExternalOrderClosed", brokerOrderId: id });
    expect([world.account.external.size, ...world.account.goneExternal]).toEqual([0, id]);
    expect(touched).toEqual([AAPL, AAPL, AAPL, AAPL]);
    // What was over turns out to work: it is not gone.
    world.apply({ type: "ExternalOrderSeen", snapshot });
    expect(world.account.goneExternal.size).toBe(0);
    expect(world.account.external.get(id)?.ignored).toBe(false);
  });

  it("that nobody has seen is neither ignored nor told to the sums, but known to be gone", () => {
    const { world, touched } = watched();
    const brokerOrderId = asId<BrokerOrderId>("unseen");
    world.apply({ type: "ExternalOrderIgnored", brokerOrderId });
    world.apply({ type: "ExternalOrderClosed", brokerOrderId });
    expect(world.account.external.size).toBe(0);
    expect([...world.account.goneExternal]).toEqual([brokerOrderId]);
    expect(touched).toEqual([]);
  });

  it("of an instrument that is not known moves no sum", () => {
    const { world, touched } = watched();
    world.foreign(null, { quantity: "5" });
    expect(touched).toEqual([]);
  });
});

describe("an account that keeps no sums", () => {
  it("takes every event all the same", () => {
    const world = bare();
    const id = world.foreign(AAPL, { quantity: "5" });
    world.apply({ type: "ExternalOrderIgnored", brokerOrderId: id });
    world.fill(world.work(AAPL, { quantity: "1" }), "1", "100");
    adjust(world, "correction");
    const left = { kind: "position", subject: AAPL, amount: d("1"), reason: "desk" } as const;
    world.apply({ type: "DifferenceAccepted", ...left });
    expect(world.account.positions.quantity(AAPL)).toEqual(d("11"));
    expect(world.account.others.get(AAPL)).toEqual(d("1"));
  });
});

describe("a symbol", () => {
  it("is frozen with a reason until it is unfrozen", () => {
    const world = new World();
    world.apply({ type: "SymbolFrozen", instrumentId: AAPL, reason: "strange" });
    world.apply({ type: "SymbolFrozen", instrumentId: MSFT, reason: "stranger" });
    world.apply({ type: "SymbolUnfrozen", instrumentId: AAPL, reason: "looked" });
    expect([...world.account.frozen]).toEqual([[MSFT, "stranger"]]);
  });
});

describe("the count of what is decided", () => {
  const signal = (number: number): DomainEvent => ({
    ...{ type: "SignalDecided", signalId: asId("s"), number, instrumentId: AAPL, strategyId: null },
    ...{ outcome: "rejected", refusal: null, verdicts: [], mark: null, limitsVersion: 1 },
    orderIds: [],
  });
  const command = (number: number): DomainEvent => ({
    ...{ type: "CommandDecided", commandId: asId("c"), number },
    outcome: { result: "done", code: "x", message: "x", orderIds: [] },
  });

  it("of signals catches up with those decided ahead of their turn", () => {
    const { world } = watched();
    const { book } = world;
    for (const number of [1, 3, 4, 3]) world.apply(signal(number));
    expect([book.decidedSignals, [...book.decidedAhead]]).toEqual([1, [3, 4]]);
    world.apply(signal(2));
    expect([book.decidedSignals, book.decidedAhead.size]).toEqual([4, 0]);
    // A repeat of what is behind the count is nothing new.
    for (const number of [2, 4]) world.apply(signal(number));
    expect([book.decidedSignals, book.decidedAhead.size]).toEqual([4, 0]);
  });

  it("of commands only grows", () => {
    const world = new World();
    for (const number of [1, 3, 2]) world.apply(command(number));
    expect(world.book.decidedCommands).toBe(3);
  });

  it("goes on for an account that is not here, of which nothing else is kept", () => {
    const world = new World();
    const accountId = asId<AccountId>("elsewhere");
    applyEvent(world.book, { accountId, at: world.now, event: signal(1) });
    applyEvent(world.book, { accountId, at: world.now, event: command(1) });
    const frozen = { type: "SymbolFrozen", instrumentId: AAPL, reason: "x" } as const;
    applyEvent(world.book, { accountId, at: world.now, event: frozen });
    expect(world.book).toMatchObject({ seq: 3, decidedSignals: 1, decidedCommands: 1 });
    expect(world.account.frozen.size).toBe(0);
    const order = world.account.orders.get(world.place(AAPL, { quantity: "1" }));
    if (order === undefined) throw new Error("not placed");
    adoptLoadedOrders(world.book, accountId, [{ ...order, id: asId("theirs") }]);
    expect(world.account.orders.size).toBe(1);
  });
});

describe("the last fill of an instrument", () => {
  it("is told with its place in the log", () => {
    const world = new World();
    const orderId = world.work(AAPL, { quantity: "2" });
    world.now += MINUTE;
    world.fill(orderId, "1", "100");
    expect([...world.account.lastFill]).toEqual([[AAPL, { at: world.now, seq: world.book.seq }]]);
  });
});
