// The broker of the simulated deployment: a ledger of its own that knows nothing of our order code. It
// fills in pieces, races cancels, forgets nothing, and refuses a reference that it has seen.
import type { BrokerOrderStatus } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import type { AccountId, InstrumentId } from "../../src/domain/ids.ts";
import type { OrderType, Side, TimeInForce } from "../../src/domain/order/spec.ts";
import type { Faults } from "./faults.ts";
import { EPOCH } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

export interface Deal {
  readonly id: string;
  readonly orderId: string;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly cumulative: Decimal;
  readonly at: number;
}

export interface SimOrder {
  readonly id: string;
  readonly reference: string;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal;
  readonly limitPrice: Decimal | null;
  readonly submittedAt: number;
  readonly replaces: string | null;
  replacedBy: string | null;
  status: BrokerOrderStatus;
  filled: Decimal;
  notional: Decimal;
  updatedAt: number;
}

export type SimFact =
  | { readonly kind: "accepted" | "cancelled" | "expired"; readonly order: SimOrder }
  | { readonly kind: "executed"; readonly order: SimOrder; readonly deal: Deal }
  | { readonly kind: "replaced"; readonly order: SimOrder; readonly by: SimOrder }
  | { readonly kind: "rejected"; readonly order: SimOrder; readonly message: string };

export interface NewOrder {
  readonly reference: string;
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Decimal;
  readonly limitPrice: Decimal | null;
}

export const PRICE = Decimal.of("100");
const OPEN: ReadonlySet<BrokerOrderStatus> = new Set(["accepted", "held", "partially_filled"]);

export class SimBroker {
  readonly orders = new Map<string, SimOrder>();
  readonly deals: Deal[] = [];
  readonly #byReference = new Map<string, SimOrder>();
  readonly #listeners = new Set<(fact: SimFact) => void>();
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  #count = 0;
  /** The auditor's eye: every order at the instant at which it arrives. */
  onArrival: (order: SimOrder) => void = () => undefined;

  constructor(scheduler: Scheduler, faults: Faults) {
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  get now(): number {
    return EPOCH + this.#scheduler.now;
  }

  listen(listener: (fact: SimFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  place(order: NewOrder): { readonly order: SimOrder } | "duplicate" {
    if (this.#byReference.has(keyOf(order.accountId, order.reference))) return "duplicate";
    const placed = this.#add(order, null);
    this.#say({ kind: "accepted", order: placed });
    this.#work(placed);
    return { order: placed };
  }

  cancel(accountId: AccountId, id: string): "requested" | "refused" | "not_found" {
    const order = this.orders.get(id);
    if (order === undefined || order.accountId !== accountId) return "not_found";
    if (!OPEN.has(order.status)) return "refused";
    this.#later(1, 40, () => this.#cancel(order));
    return "requested";
  }

  replace(accountId: AccountId, id: string, change: NewOrder): { order: SimOrder } | "refused" {
    const old = this.orders.get(id);
    if (old === undefined || old.accountId !== accountId || !OPEN.has(old.status)) return "refused";
    if (this.#byReference.has(keyOf(accountId, change.reference))) return "refused";
    if (!change.quantity.gt(old.filled)) return "refused";
    const remaining = change.quantity.minus(old.filled);
    const by = this.#add({ ...change, quantity: remaining }, old.id);
    old.status = "replaced";
    old.replacedBy = by.id;
    old.updatedAt = this.now;
    this.#say({ kind: "replaced", order: old, by });
    this.#work(by);
    return { order: by };
  }

  findByReference(accountId: AccountId, reference: string): SimOrder | undefined {
    return this.#byReference.get(keyOf(accountId, reference));
  }

  /** As a broker without client ids would: the next order of this name is a new one. */
  forget(accountId: AccountId, reference: string): void {
    this.#byReference.delete(keyOf(accountId, reference));
  }

  openOrders(accountId: AccountId): SimOrder[] {
    return [...this.orders.values()].filter(
      (order) => order.accountId === accountId && OPEN.has(order.status),
    );
  }

  position(accountId: AccountId, instrumentId: InstrumentId): Decimal {
    const mine = this.deals.filter(
      (deal) => deal.accountId === accountId && deal.instrumentId === instrumentId,
    );
    return Decimal.sum(
      mine.map(({ side, quantity }) => (side === "buy" ? quantity : quantity.negated())),
    );
  }

  #add(order: NewOrder, replaces: string | null): SimOrder {
    this.#count += 1;
    const added: SimOrder = {
      ...order,
      id: `b${this.#count}`,
      submittedAt: this.now,
      replaces,
      replacedBy: null,
      status: "accepted",
      filled: Decimal.ZERO,
      notional: Decimal.ZERO,
      updatedAt: this.now,
    };
    this.orders.set(added.id, added);
    this.#byReference.set(keyOf(order.accountId, order.reference), added);
    this.onArrival(added);
    return added;
  }

  /** Market orders fill in one to three pieces; limit orders rest, and most fill later. */
  #work(order: SimOrder): void {
    const { random } = this.#faults;
    if (order.type !== "market" && random.chance(0.3)) {
      this.#later(20_000, 40_000, () => this.#end(order));
      return;
    }
    const pieces = random.between(1, 3);
    const soon = order.type === "market" ? 30 : 4_000;
    for (let piece = 0; piece < pieces; piece += 1) {
      this.#later(1, soon, () => this.#fill(order, piece === pieces - 1));
    }
    this.#later(soon + 1, soon + 50, () => this.#fill(order, true));
  }

  #fill(order: SimOrder, all: boolean): void {
    if (!OPEN.has(order.status)) return;
    const left = order.quantity.minus(order.filled);
    if (!left.isPositive()) return;
    const part = all ? left : left.times(Decimal.of("0.5")).round(0, "up");
    this.#deal(order, Decimal.min(part, left));
  }

  #deal(order: SimOrder, quantity: Decimal): void {
    const price = order.limitPrice ?? PRICE;
    order.filled = order.filled.plus(quantity);
    order.notional = order.notional.plus(quantity.times(price));
    order.updatedAt = this.now;
    if (OPEN.has(order.status)) {
      order.status = order.filled.eq(order.quantity) ? "filled" : "partially_filled";
    }
    this.#count += 1;
    const { id, accountId, instrumentId, side } = order;
    const deal: Deal = {
      id: `x${this.#count}`,
      orderId: id,
      accountId,
      instrumentId,
      side,
      quantity,
      price,
      cumulative: order.filled,
      at: this.now,
    };
    this.deals.push(deal);
    this.#say({ kind: "executed", order, deal });
  }

  #cancel(order: SimOrder): void {
    if (!OPEN.has(order.status)) return;
    order.status = "cancelled";
    order.updatedAt = this.now;
    this.#say({ kind: "cancelled", order });
    // A fill that was on its way when the cancel was confirmed: brokers do this.
    const left = order.quantity.minus(order.filled);
    if (left.gt(Decimal.ONE) && this.#faults.happens("late execution", "broker")) {
      this.#later(5, 200, () => this.#deal(order, Decimal.ONE));
    }
  }

  #end(order: SimOrder): void {
    if (!OPEN.has(order.status)) return;
    order.status = "expired";
    order.updatedAt = this.now;
    this.#say({ kind: "expired", order });
  }

  #say(fact: SimFact): void {
    for (const listener of this.#listeners) listener(fact);
  }

  #later(lowMs: number, highMs: number, fire: () => void): void {
    this.#scheduler.after(this.#faults.random.between(lowMs, highMs), fire);
  }
}

const keyOf = (accountId: AccountId, reference: string): string => `${accountId} ${reference}`;
