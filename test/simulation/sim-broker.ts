// The broker of the simulated deployment: a ledger of its own that knows nothing of our order code. It
// fills in pieces, races cancels, makes the exits of a bracket, forgets nothing, and refuses a reference
// that it has seen.
import { Decimal } from "../../src/domain/decimal.ts";
import type { AccountId, InstrumentId } from "../../src/domain/ids.ts";
import type { Faults } from "./faults.ts";
import { EPOCH } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import {
  isOpen,
  type Deal,
  type NewOrder,
  type Replacement,
  type SimFact,
  type SimOrder,
} from "./sim-order.ts";

export const PRICE = Decimal.of("100");
const FAR = Decimal.of("20");
/** More than this the account cannot pay. */
const MOST = Decimal.of("1000000");

export class SimBroker {
  readonly orders = new Map<string, SimOrder>();
  readonly deals: Deal[] = [];
  readonly #byReference = new Map<string, SimOrder>();
  readonly #listeners = new Set<(fact: SimFact) => void>();
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  #count = 0;
  /** While it is down nobody is answered; what was accepted goes on. */
  isDown = false;
  /** The auditor's eye: every order that is asked for, at the instant at which it arrives. */
  onArrival: (order: SimOrder) => void = () => undefined;

  readonly #carriesFills: boolean;

  /** A replacement has the old order's fills in its sums, or begins anew with what was left. */
  constructor(scheduler: Scheduler, faults: Faults, carriesFills = false) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#carriesFills = carriesFills;
  }

  get now(): number {
    return EPOCH + this.#scheduler.now;
  }

  listen(listener: (fact: SimFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  place(order: NewOrder): { readonly order: SimOrder } | "duplicate" | "refused" {
    if (this.#byReference.has(keyOf(order.accountId, order.reference))) return "duplicate";
    if (order.quantity.gt(MOST)) return "refused";
    const placed = this.#add(order, { replaces: null, parent: null });
    this.#addExits(placed);
    this.onArrival(placed);
    this.#say({ kind: "accepted", order: placed });
    this.#work(placed);
    return { order: placed };
  }

  cancel(accountId: AccountId, id: string): "requested" | "refused" | "not_found" {
    const order = this.orders.get(id);
    if (order === undefined || order.accountId !== accountId) return "not_found";
    if (!isOpen(order)) return "refused";
    this.#later(1, 40, () => this.#cancel(order));
    return "requested";
  }

  /** The quantity asked for is that of this one order: what others before it filled is not in it. */
  replace(accountId: AccountId, id: string, change: Replacement): { order: SimOrder } | "refused" {
    const old = this.orders.get(id);
    if (old === undefined || old.accountId !== accountId || !isOpen(old)) return "refused";
    if (old.legs.length > 0 || old.parent !== null) return "refused";
    if (this.#byReference.has(keyOf(accountId, change.reference))) return "refused";
    const whole = change.quantity ?? old.quantity;
    if (!whole.gt(old.filled)) return "refused";
    // The old one is gone before the new one is there: both together are never working.
    old.status = "replaced";
    const of = { replaces: old.id, parent: null };
    const by = this.#carriesFills
      ? this.#add({ ...change, quantity: whole }, of, old)
      : this.#add({ ...change, quantity: whole.minus(old.filled) }, of);
    if (by.filled.isPositive()) by.status = "partially_filled";
    old.replacedBy = by.id;
    old.updatedAt = this.now;
    this.onArrival(by);
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

  /** Exits are shown below their entry as long as that is open, and by themselves afterwards. */
  openOrders(accountId: AccountId): SimOrder[] {
    return [...this.orders.values()].filter(
      (order) => order.accountId === accountId && isOpen(order) && !this.#isShownBelow(order),
    );
  }

  #isShownBelow({ parent }: SimOrder): boolean {
    const entry = parent === null ? undefined : this.orders.get(parent);
    return entry !== undefined && isOpen(entry);
  }

  position(accountId: AccountId, instrumentId: InstrumentId): Decimal {
    const mine = this.deals.filter(
      (deal) => deal.accountId === accountId && deal.instrumentId === instrumentId,
    );
    return Decimal.sum(
      mine.map(({ side, quantity }) => (side === "buy" ? quantity : quantity.negated())),
    );
  }

  #add(
    order: NewOrder,
    of: Pick<SimOrder, "replaces" | "parent">,
    { filled, notional }: Pick<SimOrder, "filled" | "notional"> = NOTHING_FILLED,
  ): SimOrder {
    this.#count += 1;
    const added: SimOrder = {
      ...order,
      ...of,
      id: `b${this.#count}`,
      submittedAt: this.now,
      legs: [],
      replacedBy: null,
      status: "accepted",
      ...{ filled, notional, carried: filled },
      updatedAt: this.now,
    };
    this.orders.set(added.id, added);
    this.#byReference.set(keyOf(order.accountId, order.reference), added);
    return added;
  }

  #addExits(entry: SimOrder): void {
    if (entry.exits === null) return;
    const { takeProfit, stopLoss } = entry.exits;
    const add = (prices: Pick<NewOrder, "type" | "limitPrice" | "stopPrice">) => {
      const side = entry.side === "buy" ? ("sell" as const) : ("buy" as const);
      const reference = `${entry.reference}:${prices.type}`;
      const leg = { ...entry, ...prices, side, reference, exits: null };
      const added = this.#add(leg, { replaces: null, parent: entry.id });
      added.status = "held";
      entry.legs.push(added);
    };
    if (takeProfit !== null) {
      add({ type: "limit", limitPrice: takeProfit.limitPrice, stopPrice: null });
    }
    if (stopLoss !== null) {
      const type = stopLoss.limitPrice === null ? "stop" : "stop_limit";
      add({ type, limitPrice: stopLoss.limitPrice, stopPrice: stopLoss.stopPrice });
    }
  }

  /** Market orders fill in one to three pieces; limit orders at the market soon, others rest. */
  #work(order: SimOrder): void {
    const { random } = this.#faults;
    if (order.type !== "market" && (rests(order) || random.chance(0.3))) {
      if (order.timeInForce === "ioc") this.#later(1, 5, () => this.#cancel(order));
      else if (!isFar(order)) this.#later(20_000, 40_000, () => this.#end(order));
      return;
    }
    const pieces = random.between(1, 3);
    const soon = order.type === "market" ? 30 : 4_000;
    for (let piece = 0; piece < pieces; piece += 1) {
      this.#later(1, soon, () => this.#fill(order, piece === pieces - 1));
    }
    this.#later(soon + 1, soon + 50, () => this.#fill(order, true));
  }

  /** The entry is filled: its exits work now, and one of them may be done. */
  #workExits({ legs }: SimOrder): void {
    const { random } = this.#faults;
    for (const leg of legs) {
      leg.status = "accepted";
      leg.updatedAt = this.now;
    }
    const done = random.chance(0.6) ? random.pick(legs) : null;
    if (done !== null) this.#later(500, 8_000, () => this.#fill(done, true));
    this.#later(20_000, 40_000, () => legs.forEach((leg) => this.#end(leg)));
  }

  #fill(order: SimOrder, all: boolean): void {
    if (!isOpen(order)) return;
    const left = order.quantity.minus(order.filled);
    if (!left.isPositive()) return;
    const part = all ? left : left.times(Decimal.of("0.5")).round(0, "up");
    this.#deal(order, Decimal.min(part, left));
    if (order.status !== "filled") return;
    if (order.legs.length > 0) this.#workExits(order);
    const entry = order.parent === null ? undefined : this.orders.get(order.parent);
    for (const other of entry?.legs ?? []) if (other !== order) this.#cancel(other);
  }

  #deal(order: SimOrder, quantity: Decimal): void {
    const price = order.limitPrice ?? order.stopPrice ?? PRICE;
    order.filled = order.filled.plus(quantity);
    order.notional = order.notional.plus(quantity.times(price));
    order.updatedAt = this.now;
    if (isOpen(order)) {
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
    // One that was replaced meanwhile is over: its fills would come on top of those of the new one.
    if (!isOpen(order)) return;
    this.#close(order, "cancelled");
    // A fill that was on its way when the cancel was confirmed: brokers do this.
    const left = order.quantity.minus(order.filled);
    const mayFill = order.legs.length === 0 && order.parent === null && left.gt(Decimal.ONE);
    if (mayFill && this.#faults.happens("late execution", "broker")) {
      this.#later(5, 200, () => this.#deal(order, Decimal.ONE));
    }
  }

  #end(order: SimOrder): void {
    this.#close(order, "expired");
  }

  #close(order: SimOrder, status: "cancelled" | "expired"): void {
    if (!isOpen(order)) return;
    order.status = status;
    order.updatedAt = this.now;
    this.#say({ kind: status, order });
    for (const leg of order.legs) this.#close(leg, "cancelled");
  }

  #say(fact: SimFact): void {
    for (const listener of this.#listeners) listener(fact);
  }

  #later(lowMs: number, highMs: number, fire: () => void): void {
    this.#scheduler.after(this.#faults.random.between(lowMs, highMs), fire);
  }
}

const NOTHING_FILLED = { filled: Decimal.ZERO, notional: Decimal.ZERO };

/** Nothing ever comes there. */
const isFar = ({ limitPrice }: SimOrder): boolean =>
  limitPrice !== null && limitPrice.minus(PRICE).abs().gt(FAR);

/** Away from the price, which stands still here. */
function rests({ side, limitPrice }: SimOrder): boolean {
  if (limitPrice === null) return false;
  return side === "buy" ? limitPrice.lt(PRICE) : limitPrice.gt(PRICE);
}

const keyOf = (accountId: AccountId, reference: string): string => `${accountId} ${reference}`;
