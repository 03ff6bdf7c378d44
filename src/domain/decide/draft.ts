// A decision in the making: it collects events and effects, and shows each order as these events
// leave it, so that one input may touch an order twice. The book itself stays as it is.
import type { Account, AccountBook, Book, Context, Decision, Effect } from "../book.ts";
import type { BrokerCall, BrokerTraits } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { DomainEvent, RecordedEvent } from "../event.ts";
import { asId } from "../ids.ts";
import type { BrokerOrderId, BrokerReference, InstrumentId, OrderId } from "../ids.ts";
import { currencyOf, type Currency } from "../instrument.ts";
import type { OrderState } from "../order/state.ts";
import type { OrderEvent } from "../order/status.ts";
import { adjustmentFact, positionChanges } from "../position/change.ts";
import type { Adjustment } from "../position/state.ts";
import { addTo, DraftHoldings } from "./draft-holdings.ts";
import { DraftOrders } from "./draft-orders.ts";

/** Who asked, and what led to it: on every event of the decision. */
export interface Cause {
  readonly actor: string;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceParent: string | null;
}

export const NOTHING: Decision = {
  events: [],
  effects: [],
  tokensUsed: 0,
  writesIntent: false,
  tick: false,
};

const ENDS: ReadonlySet<DomainEvent["type"]> = new Set([
  "OrderCompleted",
  "OrderCancelled",
  "OrderRejected",
  "OrderExpired",
]);

const FILLS: ReadonlySet<DomainEvent["type"]> = new Set([
  "OrderExecuted",
  "ExecutionBusted",
  "ExecutionCorrected",
]);

export class Draft {
  readonly book: Book;
  readonly accountBook: AccountBook;
  readonly context: Context;
  readonly cause: Cause;
  readonly traits: BrokerTraits;
  readonly brokerUp: boolean;
  readonly #tokens: number;
  readonly #events: RecordedEvent[] = [];
  readonly #effects: Effect[] = [];
  readonly #orders: DraftOrders;
  /** Positions, and what is left to others, as the events collected so far leave them. */
  readonly holdings: DraftHoldings;
  #cashAdjusted = Decimal.ZERO;
  #tokensUsed = 0;
  #references = 0;
  #writesIntent = false;
  #tick = false;
  #reconciles = false;

  constructor(book: Book, accountBook: AccountBook, context: Context, cause: Cause) {
    const { traits, tokens, up } = context.broker(accountBook.account.id);
    this.book = book;
    this.accountBook = accountBook;
    this.context = context;
    this.cause = cause;
    this.traits = traits;
    this.brokerUp = up;
    this.#tokens = tokens;
    this.#orders = new DraftOrders(accountBook, context.now);
    this.holdings = new DraftHoldings(accountBook);
  }

  get account(): Account {
    return this.accountBook.account;
  }

  get now(): number {
    return this.context.now;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0 && this.#effects.length === 0;
  }

  /** An order as the events collected so far leave it. */
  order(id: OrderId): OrderState | undefined {
    return this.#orders.get(id);
  }

  orderByBrokerId(id: BrokerOrderId): OrderState | undefined {
    const found = this.#orders.named(id);
    return found === undefined ? undefined : this.order(found);
  }

  orderByReference(reference: BrokerReference): OrderState | undefined {
    const found = this.accountBook.byReference.get(reference);
    return found === undefined ? undefined : this.order(found);
  }

  /** What has our reference and is another order than was sent counts as a stranger's, or nobody would count it. */
  ownByReference(reference: BrokerReference | null): OrderState | undefined {
    const named = reference === null ? undefined : this.orderByReference(reference);
    return named?.rejectCode === "broker_duplicate_mismatch" ? undefined : named;
  }

  openOrdersOf(instrumentId: InstrumentId): Iterable<OrderState> {
    return this.ordersOf(this.accountBook.openByInstrument.get(instrumentId) ?? []);
  }

  /** Those that are known, each as it is when its turn comes. */
  *ordersOf(ids: Iterable<OrderId>): Generator<OrderState> {
    for (const id of ids) {
      const order = this.order(id);
      if (order !== undefined) yield order;
    }
  }

  record(event: DomainEvent): void {
    const correlationId = this.#correlationOf(event);
    if ("orderId" in event) this.#follow(event);
    if (event.type === "PositionAdjusted") {
      this.#adjust(event.adjustment);
      if (event.explains !== undefined) this.holdings.explain(event.explains);
    }
    if (event.type === "DifferenceAccepted" && event.kind === "position") {
      this.holdings.leave(asId(event.subject), event, this.now);
    }
    if (event.type === "CashAdjusted") {
      this.#cashAdjusted = this.#cashAdjusted.plus(event.adjustment.amount);
    }
    this.#events.push({
      accountId: this.account.id,
      at: this.now,
      actor: this.cause.actor,
      correlationId,
      causationId: this.cause.causationId,
      event,
    });
  }

  /** Orders of which something was recorded. */
  touched(): ReadonlySet<OrderId> {
    const ids = this.#events.map(({ event }) => ("orderId" in event ? event.orderId : null));
    return new Set(ids.filter((id) => id !== null));
  }

  /** Instruments of which this decision books a fill that young: what is held of them was read before it. */
  filledSince(instant: number): ReadonlySet<InstrumentId> {
    const instruments = new Set<InstrumentId>();
    for (const { event } of this.#events) {
      if (event.type !== "OrderExecuted" || event.execution.executedAt < instant) continue;
      const order = this.order(event.orderId);
      if (order !== undefined) instruments.add(order.instrumentId);
    }
    return instruments;
  }

  recordAll(events: readonly DomainEvent[]): void {
    for (const event of events) this.record(event);
  }

  #adjust(adjustment: Adjustment): void {
    this.#tick = true;
    this.holdings.settle(adjustment.instrumentId);
    this.holdings.move(adjustment, { kind: "add", fact: adjustmentFact(adjustment) });
  }

  /** What is held once the events so far are applied. */
  held(instrumentId: InstrumentId): Decimal {
    return this.holdings.held(instrumentId);
  }

  /** What is left to others once the events so far are applied. */
  get others(): ReadonlyMap<InstrumentId, Decimal> {
    return this.holdings.others;
  }

  /** The account's cash as the record has it once the events so far are applied, per currency. */
  cash(): ReadonlyMap<Currency, Decimal> {
    const currency = (id: InstrumentId) => currencyOf(this.context, id);
    const before = new Map(this.accountBook.positions.cash(currency));
    const cash = this.holdings.addCash(before, currency);
    addTo(cash, this.account.currency, this.accountBook.cash.adjusted.plus(this.#cashAdjusted));
    return cash;
  }

  #follow(event: OrderEvent): void {
    // Held orders may wait for an end or for a holding, loss limits for a fill.
    if (FILLS.has(event.type)) {
      this.#tick = true;
      const before = this.#orders.get(event.orderId);
      if (before === undefined) throw new Error(`${event.type} before order ${event.orderId}`);
      for (const change of positionChanges(before, event)) this.holdings.move(before, change);
      if (event.type === "OrderExecuted") this.holdings.settle(before.instrumentId);
    }
    if (ENDS.has(event.type) && this.accountBook.held.size > 0) this.#tick = true;
    this.#orders.push(event);
  }

  /** The request at the root of an event: the decision's own, else that of the order it is about. */
  #correlationOf(event: DomainEvent): string | null {
    if (this.cause.correlationId !== null || !("orderId" in event)) return this.cause.correlationId;
    const order = event.type === "OrderPlaced" ? event.order : this.#orders.get(event.orderId);
    return order?.signalId ?? order?.commandId ?? null;
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  alarm(code: string, message: string, orderId: OrderId | null = null): void {
    this.effect({ kind: "alarm", code, message, orderId });
  }

  call(call: BrokerCall): void {
    const { traceParent } = this.cause;
    this.effect({ kind: "call", accountId: this.account.id, call, traceParent });
  }

  /** Positions, orders and executions are to be read from the broker soon. Once is enough. */
  reconcile(): void {
    if (this.#reconciles) return;
    this.#reconciles = true;
    this.effect({ kind: "reconcile", accountId: this.account.id });
  }

  /** Requests of the rate budget that this decision may still promise. */
  get tokensLeft(): number {
    return this.#tokens - this.#tokensUsed;
  }

  /** Submits and replaces take theirs here; cancels and lookups take it when they leave. */
  useToken(): void {
    this.#tokensUsed += 1;
  }

  markIntent(): void {
    this.#writesIntent = true;
  }

  nextReference(orderId: OrderId, generation: number): BrokerReference {
    this.#references += 1;
    const counter = this.accountBook.referenceCounter + this.#references;
    return this.traits.reference(orderId, generation, counter);
  }

  /** More of the same is to be done once these events are applied. */
  wantTick(): void {
    this.#tick = true;
  }

  decision(): Decision {
    return {
      events: this.#events,
      effects: this.#effects,
      tokensUsed: this.#tokensUsed,
      writesIntent: this.#writesIntent,
      // Whatever happens to one order may be what another on its symbol waits for.
      tick: this.#tick || (this.#events.length > 0 && this.accountBook.turns.size > 0),
    };
  }
}
