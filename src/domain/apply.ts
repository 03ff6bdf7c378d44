// The book's only writer: each event changes exactly what it says, and the indexes that make decisions
// cheap follow. Replaying a log through here gives the same book again (invariant 9).
import { awaitAnswers, forgetClosed } from "./apply/index-order.ts";
import { beginCount } from "./apply/recent.ts";
import { noteCorrection, noteLeft, useUp } from "./apply/corrected.ts";
import { noteForeign, takeBackForeign } from "./apply/foreign.ts";
import { applyOrderEvent, rememberOrder } from "./apply/order-event.ts";
import type { AccountBook, Book, HeldBefore, Logged } from "./book.ts";
import type { BrokerOrderSnapshot } from "./broker.ts";
import { Decimal } from "./decimal.ts";
import type { EventOf, ToldEvent } from "./event.ts";
import { asId } from "./ids.ts";
import type { AccountId, InstrumentId, StrategyId } from "./ids.ts";
import type { OrderState } from "./order/state.ts";
import { adjustmentFact } from "./position/change.ts";
import { isAlike, lookedAgain } from "./order/reconcile-cash.ts";
import type { PositionLedger } from "./position/ledger.ts";
import {
  RECONCILIATION,
  type Adjustment,
  type AdjustmentKind,
  type CountedAdjustment,
} from "./position/state.ts";

/** Ids kept to recognise a repeat, so that few looks need to ask the record. */
const MAX_ADJUSTMENT_IDS = 10_000;
/** Orders of others that are over, kept to know them again. */
const MAX_GONE = 10_000;
/** Of one instrument, to know what they had a while ago. */
const MAX_OTHERS_MOVES = 16;
/** More parked fills than this are an operator's matter; the log still has the ones let go. */
const MAX_PARKED = 1_000;

/** After these the position is what the broker holds: fills parked before are in it. */
const TAKES_OVER: ReadonlySet<AdjustmentKind> = new Set(["correction", "adopted"]);

/** Events come in the order of the log, each once: that is the caller's promise. */
export function applyEvent(book: Book, told: ToldEvent): void {
  book.seq += 1;
  const { event } = told;
  if (event.type === "SignalDecided") markSignalDecided(book, event.number);
  if (event.type === "CommandDecided") {
    book.decidedCommands = Math.max(book.decidedCommands, event.number);
  }
  const account = book.accounts.get(told.accountId);
  // A request for an account that is not here was answered; there is nothing else to keep of it.
  if (account !== undefined) applyToAccount(account, told, book.seq);
}

/** Before a batch, never in it: what its inputs name was loaded, or was known. */
export function tidyBook(book: Book, now: number): void {
  const { size } = book.accounts;
  for (const account of book.accounts.values()) {
    forgetClosed(account, now, size);
    forgetOldest(account.adjustments, MAX_ADJUSTMENT_IDS);
    forgetOldest(account.ours, MAX_ADJUSTMENT_IDS);
  }
}

/** A book that was just loaded: what was sent before has no answer that could be heard here. */
export function awaitEarlierAnswers(book: Book): void {
  for (const account of book.accounts.values()) awaitAnswers(account);
}

/** Closed orders that late facts name come back into the book before anything is decided. */
export function adoptLoadedOrders(
  book: Book,
  accountId: AccountId,
  orders: Iterable<OrderState>,
): void {
  const account = book.accounts.get(accountId);
  if (account === undefined) return;
  for (const order of orders) rememberOrder(account, order);
}

/** What was counted long ago comes back into the book before an input that names it is decided. */
export function adoptLoadedAdjustments(
  book: Book,
  accountId: AccountId,
  adjustments: Iterable<CountedAdjustment>,
): void {
  const account = book.accounts.get(accountId);
  if (account === undefined) return;
  for (const { id, instrumentId, quantity, amount } of adjustments) {
    account.adjustments.add(id);
    // Known here as well, it would keep its old place there, and be forgotten before the other.
    account.ours.delete(id);
    if (instrumentId !== null) account.ours.set(id, { quantity, amount });
  }
}

/** A signal taken back while it waited is decided ahead of its turn; the count catches up. */
function markSignalDecided(book: Book, number: number): void {
  if (number <= book.decidedSignals) return;
  book.decidedAhead.add(number);
  while (book.decidedAhead.delete(book.decidedSignals + 1)) book.decidedSignals += 1;
}

function applyToAccount(account: AccountBook, { event, at }: ToldEvent, seq: number): void {
  if ("orderId" in event) {
    applyOrderEvent(account, event, { at, seq });
    return;
  }
  switch (event.type) {
    case "SignalDecided":
    case "CommandDecided":
    case "TradingStateChanged":
      return;
    case "AccountObserved":
      observe(account, event);
      return;
    case "PositionAdjusted":
      adjust(account, event);
      return;
    case "CashAdjusted":
      adjustCash(account, event);
      return;
    case "TradingDayStarted":
      startDay(account, event);
      return;
    case "LossLimitCrossed":
      if (account.day !== null) account.day = { ...account.day, lossLimitCrossed: true };
      return;
    case "LossLimitReset":
      resetLossLimit(account, event);
      return;
    case "SymbolFrozen":
      account.frozen.set(event.instrumentId, event.reason);
      return;
    case "SymbolUnfrozen":
      account.frozen.delete(event.instrumentId);
      return;
    case "DifferenceFound":
      suspect(account, event, { at, seq });
      return;
    case "DifferenceAccepted":
      acceptDifference(account, event, { at, seq });
      return;
    case "ExternalOrderSeen":
      seeExternal(account, event);
      return;
    case "ExternalOrderClosed":
      closeExternal(account, event);
      return;
    case "ExternalOrderIgnored":
      ignoreExternal(account, event);
      return;
    case "BrokerFactParked":
      park(account, event);
  }
}

function observe(account: AccountBook, event: EventOf<"AccountObserved">): void {
  const { equity, cash, buyingPower, nonMarginableBuyingPower, shortingEnabled, asOf } = event;
  const figures = { equity, cash, buyingPower, nonMarginableBuyingPower, shortingEnabled };
  account.equity = { ...figures, at: asOf };
  account.firstContactAt ??= asOf;
  const { unexplainedCash } = event;
  if (unexplainedCash === undefined) return;
  if (isAlike(unexplainedCash, account.cash.accepted)) account.fillsSinceCash = 0;
  const look = lookedAgain(account.cash.look, unexplainedCash, asOf);
  account.cash = { ...account.cash, look };
}

function adjustCash(account: AccountBook, { adjustment }: EventOf<"CashAdjusted">): void {
  const { id, kind, amount } = adjustment;
  account.adjustments.add(id);
  const { cash } = account;
  account.cash = {
    ...cash,
    adjusted: cash.adjusted.plus(amount),
    isOpen: cash.isOpen || kind === "opening_balance",
  };
}

function adjust(account: AccountBook, event: EventOf<"PositionAdjusted">): void {
  const { adjustment, explains, foreign } = event;
  const { quantity, amount } = adjustment;
  account.ours.set(adjustment.id, { quantity, amount });
  if (event.undoes !== undefined) {
    takeBackForeign(account, adjustment, event.undoes);
    return;
  }
  const { instrumentId, at, id, kind } = adjustment;
  const before = kind === "correction" ? heldBefore(account, instrumentId) : null;
  account.positions.apply(adjustmentFact(adjustment), adjustment);
  account.adjustments.add(id);
  account.suspected.delete(instrumentId);
  if (changesTheShare(adjustment)) noteSplit(account, instrumentId, at);
  account.aggregate?.touch(instrumentId);
  if (kind === "adopted") account.fillsSinceCash += 1;
  if (before !== null) {
    noteCorrection(account, adjustment, movedSince(before, account.positions, instrumentId));
  }
  if (explains !== undefined) useUp(account, instrumentId, explains);
  if (foreign !== undefined) noteForeign(account, foreign);
  // A correction took over what the broker holds; fills parked before it are in it already.
  if (!TAKES_OVER.has(kind)) return;
  for (const [executionId, parked] of account.parked) {
    const isCovered = parked.execution.executedAt <= at;
    if (parked.instrumentId === instrumentId && isCovered) account.parked.delete(executionId);
  }
}

/** A split, or a position that a reconciliation corrected at the cost it had: a split that no entry told. */
function changesTheShare({ kind, price, source }: Adjustment): boolean {
  return kind === "split" || (kind === "correction" && price === null && source === RECONCILIATION);
}

/** The latest counts, in whatever order they are told. */
function noteSplit({ splits }: AccountBook, instrumentId: InstrumentId, at: number): void {
  splits.set(instrumentId, Math.max(at, splits.get(instrumentId) ?? at));
}

const othersOf = ({ others }: AccountBook, instrumentId: InstrumentId): Decimal =>
  others.get(instrumentId) ?? Decimal.ZERO;

function heldBefore(account: AccountBook, instrumentId: InstrumentId): HeldBefore {
  const { positions } = account;
  const shares = new Map<StrategyId, { readonly held: Decimal; readonly moved: Decimal }>();
  for (const { strategyId, quantity: held } of positions.of(instrumentId)) {
    if (strategyId !== null) shares.set(strategyId, { held, moved: Decimal.ZERO });
  }
  const others = othersOf(account, instrumentId);
  return { net: positions.quantity(instrumentId), others, shares };
}

/** The same, with how each strategy's share has moved since. */
function movedSince(
  before: HeldBefore,
  positions: PositionLedger,
  instrumentId: InstrumentId,
): HeldBefore {
  const shares = [...before.shares].map(([id, { held }]) => {
    const now = positions.ofStrategy(instrumentId, id)?.quantity ?? Decimal.ZERO;
    return [id, { held, moved: now.minus(held) }] as const;
  });
  return { ...before, shares: new Map(shares) };
}

function startDay(account: AccountBook, event: EventOf<"TradingDayStarted">): void {
  const { date, equityBaseline, realizedBaseline, unrealizedBaseline } = event;
  account.day = {
    date,
    equityBaseline,
    realizedBaseline,
    unrealizedBaseline,
    strategyBaselines: event.strategyBaselines ?? [],
    ordersPlaced: 0,
    lossLimitCrossed: false,
  };
  beginCount(account);
}

function resetLossLimit(account: AccountBook, event: EventOf<"LossLimitReset">): void {
  if (account.day === null) return;
  const { realizedBaseline, unrealizedBaseline } = event;
  account.day = {
    ...account.day,
    realizedBaseline,
    unrealizedBaseline,
    // An older reset says nothing of strategies: theirs stay as the day began.
    strategyBaselines: event.strategyBaselines ?? account.day.strategyBaselines,
    lossLimitCrossed: false,
  };
}

/** A position difference is kept until the next reconciliation confirms it or time has passed. */
function suspect(account: AccountBook, event: EventOf<"DifferenceFound">, when: Logged): void {
  if (event.kind !== "position" && event.kind !== "cash") return;
  const ours = Decimal.tryParse(event.ours ?? "0");
  const theirs = Decimal.tryParse(event.theirs ?? "0");
  if (ours === null || theirs === null) return;
  if (event.kind === "cash") {
    account.cash = { ...account.cash, told: theirs.minus(ours) };
    return;
  }
  // The subject of a position difference is its instrument.
  const instrumentId = asId<InstrumentId>(event.subject);
  const { averagePrice = null } = event;
  const difference = theirs.minus(ours);
  // Both sides agree again.
  if (difference.isZero()) account.suspected.delete(instrumentId);
  else account.suspected.set(instrumentId, { difference, averagePrice, ...when });
}

function acceptDifference(
  account: AccountBook,
  event: EventOf<"DifferenceAccepted">,
  { at, seq }: Logged,
): void {
  const { kind, subject, amount, unexplained } = event;
  if (kind === "cash") {
    account.cash = { ...account.cash, accepted: amount, told: amount };
    account.fillsSinceCash = 0;
    return;
  }
  const instrumentId = asId<InstrumentId>(subject);
  if (unexplained !== undefined) {
    const before = heldBefore(account, instrumentId);
    noteLeft(account, { instrumentId, quantity: unexplained }, { id: `left ${seq}`, at, before });
  }
  const quantity = amount.minus(othersOf(account, instrumentId));
  const moved = account.othersMoved.get(instrumentId) ?? [];
  const moves = [...moved, { at: event.since ?? at, quantity }].slice(-MAX_OTHERS_MOVES);
  account.othersMoved.set(instrumentId, moves);
  if (amount.isZero()) account.others.delete(instrumentId);
  else account.others.set(instrumentId, amount);
  account.suspected.delete(instrumentId);
  account.aggregate?.touch(instrumentId);
}

function seeExternal(account: AccountBook, { snapshot }: EventOf<"ExternalOrderSeen">): void {
  const known = account.external.get(snapshot.brokerOrderId);
  account.external.set(snapshot.brokerOrderId, { snapshot, ignored: known?.ignored ?? false });
  account.goneExternal.delete(snapshot.brokerOrderId);
  touchExternal(account, snapshot);
}

function closeExternal(account: AccountBook, event: EventOf<"ExternalOrderClosed">): void {
  const { brokerOrderId } = event;
  touchExternal(account, account.external.get(brokerOrderId)?.snapshot);
  account.external.delete(brokerOrderId);
  // Deleted first: a set keeps the place of a member that is only added again.
  account.goneExternal.delete(brokerOrderId);
  account.goneExternal.add(brokerOrderId);
  forgetOldest(account.goneExternal, MAX_GONE);
}

function ignoreExternal(account: AccountBook, event: EventOf<"ExternalOrderIgnored">): void {
  const known = account.external.get(event.brokerOrderId);
  if (known !== undefined) {
    account.external.set(event.brokerOrderId, { ...known, ignored: true });
    touchExternal(account, known.snapshot);
  }
}

function touchExternal(account: AccountBook, snapshot: BrokerOrderSnapshot | undefined): void {
  const instrumentId = snapshot?.instrumentId ?? null;
  if (instrumentId !== null) account.aggregate?.touch(instrumentId);
}

function park(account: AccountBook, { parked }: EventOf<"BrokerFactParked">): void {
  if (parked === null) return;
  account.parked.set(parked.execution.id, parked);
  forgetOldest(account.parked, MAX_PARKED);
}

/** Sets and maps keep the order of insertion: the first key is the oldest. */
function forgetOldest(kept: Set<string> | Map<string, unknown>, max: number): void {
  // Before there is an iterator, which first walks past what was deleted.
  if (kept.size <= max) return;
  for (const key of kept.keys()) {
    if (kept.size <= max) return;
    kept.delete(key);
  }
}
