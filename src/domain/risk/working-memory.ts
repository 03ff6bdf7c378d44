// What works on each instrument, with the sums of its two sides, kept up order by order: however much rests on
// a symbol, one more costs the same, and mostly one less. A side is looked through when it is first asked for,
// when its price moves, and when what leaves had the highest price alone or none. A memory of the book, never a
// fact of its own: built anew it is the same.
import type { AccountBook } from "../book.ts";
import { isSameNumber } from "../decimal.ts";
import type { InstrumentId, OrderId, StrategyId } from "../ids.ts";
import { isSamePrice, type Mark } from "../market.ts";
import type { Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { add, NOTHING, single, without } from "./exposure.ts";
import type { SideTotal } from "./exposure.ts";
import { isForeignOn, remainderOfPlain } from "./working.ts";
import type { WorkingOrder } from "./working.ts";

export interface AskedSide {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly mark: Mark | null;
  /** Of one strategy alone. */
  readonly strategyId?: StrategyId;
  /** All but this one. */
  readonly without?: OrderId | null;
}

/** One side, order by order, at the prices of one mark. */
class Sum {
  readonly mark: Mark | null;
  total = NOTHING;
  #count = 0;
  /** How many have the highest price. */
  #atTop = 0;

  constructor(mark: Mark | null) {
    this.mark = mark;
  }

  add(order: WorkingOrder): void {
    const one = single(order, this.mark);
    const before = this.total.topPrice;
    this.#count += 1;
    this.total = add(this.total, one);
    if (before === null || one.topPrice === null) return;
    if (one.topPrice.eq(before) && this.#count > 1) this.#atTop += 1;
    else if (this.#count === 1 || one.topPrice.gt(before)) this.#atTop = 1;
  }

  /** What is left without one of them; null where it has to be looked through. */
  without(order: WorkingOrder): SideTotal | null {
    return this.#left(single(order, this.mark));
  }

  /** False where the sum is worth nothing since. */
  remove(order: WorkingOrder): boolean {
    const one = single(order, this.mark);
    const left = this.#left(one);
    if (left === null) return false;
    if (this.#isTop(one)) this.#atTop -= 1;
    this.#count -= 1;
    this.total = left;
    return true;
  }

  #left(one: SideTotal): SideTotal | null {
    if (this.#count === 1) return NOTHING;
    return this.#isTop(one) && this.#atTop === 1 ? null : without(this.total, one);
  }

  #isTop({ topPrice }: SideTotal): boolean {
    return topPrice !== null && this.total.topPrice?.eq(topPrice) === true;
  }
}

/** Both sides of some orders, each summed when somebody asks. */
class Sides {
  readonly #sums: Record<Side, Sum | null> = { buy: null, sell: null };

  of(side: Side, mark: Mark | null, orders: () => Iterable<WorkingOrder>): Sum {
    const known = this.#sums[side];
    if (known !== null && isSamePrice(known.mark, mark)) return known;
    const sum = new Sum(mark);
    for (const order of orders()) if (order.side === side) sum.add(order);
    this.#sums[side] = sum;
    return sum;
  }

  add(order: WorkingOrder): void {
    this.#sums[order.side]?.add(order);
  }

  remove(order: WorkingOrder): void {
    if (this.#sums[order.side]?.remove(order) === false) this.#sums[order.side] = null;
  }
}

class Lane {
  /** Orders that say by themselves what they may still do. */
  readonly plain = new Map<OrderId, WorkingOrder>();
  /** Those that another order or a group bounds: with one of them the sums are not asked. */
  readonly bound = new Set<OrderId>();
  readonly #all = new Sides();
  /** Of the strategies that were asked for. */
  readonly #own = new Map<StrategyId, Sides>();

  /** Null where it has to be listed. */
  sideOf({ side, mark, strategyId, without: gone = null }: AskedSide): SideTotal | null {
    const sum = this.#sidesOf(strategyId).of(side, mark, () => this.#ordersOf(strategyId));
    const left = gone === null ? undefined : this.plain.get(gone);
    const isIn = left?.side === side && (strategyId === undefined || ownerOf(left) === strategyId);
    return left === undefined || !isIn ? sum.total : sum.without(left);
  }

  /** The new one comes before the old one goes, so that the top is seldom left alone. */
  set(id: OrderId, order: WorkingOrder): void {
    const before = this.plain.get(id);
    this.plain.set(id, order);
    if (before !== undefined && isSame(before, order)) return;
    for (const sides of this.#with(order)) sides.add(order);
    if (before !== undefined) this.#remove(before);
  }

  delete(id: OrderId): void {
    this.bound.delete(id);
    const before = this.plain.get(id);
    if (before === undefined) return;
    this.plain.delete(id);
    this.#remove(before);
  }

  #remove(order: WorkingOrder): void {
    for (const sides of this.#with(order)) sides.remove(order);
  }

  #with(order: WorkingOrder): readonly Sides[] {
    const strategyId = ownerOf(order);
    const own = strategyId === null ? undefined : this.#own.get(strategyId);
    return own === undefined ? [this.#all] : [this.#all, own];
  }

  #sidesOf(strategyId: StrategyId | undefined): Sides {
    if (strategyId === undefined) return this.#all;
    let own = this.#own.get(strategyId);
    if (own === undefined) this.#own.set(strategyId, (own = new Sides()));
    return own;
  }

  *#ordersOf(strategyId: StrategyId | undefined): Generator<WorkingOrder> {
    for (const order of this.plain.values()) {
      if (strategyId === undefined || ownerOf(order) === strategyId) yield order;
    }
  }
}

export class WorkingMemory {
  readonly #lanes = new Map<InstrumentId, Lane>();

  take(order: OrderState): void {
    const { id, instrumentId } = order;
    const isBound = order.parentId !== null || order.linkGroup !== null;
    const working = isBound || isTerminal(order.status) ? null : remainderOfPlain(order);
    if (working !== null) this.#laneOf(instrumentId).set(id, working);
    else if (isBound && !isTerminal(order.status)) this.#laneOf(instrumentId).bound.add(id);
    else this.#remove(id, instrumentId);
  }

  /** Null where it has to be listed. */
  sideOf(account: AccountBook, asked: AskedSide): SideTotal | null {
    if (!this.isPlain(account, asked.instrumentId)) return null;
    const lane = this.#lanes.get(asked.instrumentId);
    return lane === undefined ? NOTHING : lane.sideOf(asked);
  }

  /** Every order on the instrument is our own, and says by itself what it may still do. */
  isPlain(account: AccountBook, id: InstrumentId): boolean {
    return (this.#lanes.get(id)?.bound.size ?? 0) === 0 && !isForeignOn(account, id);
  }

  #laneOf(id: InstrumentId): Lane {
    let lane = this.#lanes.get(id);
    if (lane === undefined) this.#lanes.set(id, (lane = new Lane()));
    return lane;
  }

  #remove(id: OrderId, instrumentId: InstrumentId): void {
    const lane = this.#lanes.get(instrumentId);
    lane?.delete(id);
    if (lane?.plain.size === 0 && lane.bound.size === 0) this.#lanes.delete(instrumentId);
  }
}

function ownerOf({ order }: WorkingOrder): StrategyId | null {
  return order?.strategyId ?? null;
}

/** What a hold or a send changes of an order is nothing that is summed. */
function isSame(one: WorkingOrder, other: WorkingOrder): boolean {
  return (
    one.side === other.side &&
    one.type === other.type &&
    isSameNumber(one.limitPrice, other.limitPrice) &&
    isSameNumber(one.stopPrice, other.stopPrice) &&
    isSameNumber(one.quantity, other.quantity) &&
    isSameNumber(one.notional, other.notional)
  );
}
