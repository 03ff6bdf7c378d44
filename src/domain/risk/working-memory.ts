// What works on each instrument, with the sums of its two sides, kept up order by order: however much
// rests on a symbol, one more or less costs the same. Only where the one with the highest price leaves is its
// side looked through again. A memory of the book, never a fact of its own: built anew it is the same.
import type { AccountBook } from "../book.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import { isSame as isSameNumber } from "../decimal.ts";
import { isSamePrice, type Mark } from "../market.ts";
import type { Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { add, NOTHING, sideTotal, single, without } from "./exposure.ts";
import type { SideTotal } from "./exposure.ts";
import { isForeignOn, remainderOfPlain, workingOn } from "./working.ts";
import type { WorkingOrder } from "./working.ts";

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

  /** False where what is left has to be looked through. */
  remove(order: WorkingOrder): boolean {
    const one = single(order, this.mark);
    const { topPrice } = this.total;
    const isTop = topPrice !== null && one.topPrice?.eq(topPrice) === true;
    if (isTop) this.#atTop -= 1;
    this.#count -= 1;
    const left = this.#count === 0 ? NOTHING : without(this.total, one);
    if (left === null || (isTop && this.#atTop === 0 && this.#count > 0)) return false;
    this.total = left;
    return true;
  }
}

class Lane {
  /** Orders that say by themselves what they may still do. */
  readonly plain = new Map<OrderId, WorkingOrder>();
  /** Those that another order or a group bounds: with one of them nothing is summed ahead. */
  readonly bound = new Set<OrderId>();
  readonly sums: Record<Side, Sum | null> = { buy: null, sell: null };

  sideOf(side: Side, mark: Mark | null): SideTotal {
    const known = this.sums[side];
    if (known !== null && isSamePrice(known.mark, mark)) return known.total;
    const sum = new Sum(mark);
    for (const order of this.plain.values()) if (order.side === side) sum.add(order);
    this.sums[side] = sum;
    return sum.total;
  }

  set(id: OrderId, order: WorkingOrder): void {
    const before = this.plain.get(id);
    this.plain.set(id, order);
    if (before !== undefined && isSame(before, order)) return;
    if (before !== undefined) this.#takeAway(before);
    this.sums[order.side]?.add(order);
  }

  delete(id: OrderId): void {
    this.bound.delete(id);
    const before = this.plain.get(id);
    if (before === undefined) return;
    this.plain.delete(id);
    this.#takeAway(before);
  }

  #takeAway(order: WorkingOrder): void {
    if (this.sums[order.side]?.remove(order) === false) this.sums[order.side] = null;
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

  /** All that works on one side of an instrument. */
  sideOf(account: AccountBook, id: InstrumentId, side: Side, mark: Mark | null): SideTotal {
    if (!this.isPlain(account, id)) return sideTotal(workingOn(account, id), side, mark);
    return this.#lanes.get(id)?.sideOf(side, mark) ?? NOTHING;
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
