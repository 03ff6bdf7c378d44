// What works on each instrument, with the sums of its two sides, kept up order by order: however much
// rests on a symbol, placing one more costs the same. What leaves takes the sum of its side with it, which
// is then made anew. A memory of the book, never a fact of its own: built anew it is the same.
import type { AccountBook } from "../book.ts";
import type { InstrumentId, OrderId } from "../ids.ts";
import type { Mark } from "../market.ts";
import type { Side } from "../order/spec.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { add, NOTHING, sideTotal, single } from "./exposure.ts";
import type { SideTotal } from "./exposure.ts";
import { isForeignOn, remainderOfPlain, workingOn } from "./working.ts";
import type { WorkingOrder } from "./working.ts";

interface Sum {
  readonly mark: Mark | null;
  readonly total: SideTotal;
}

class Lane {
  /** Orders that say by themselves what they may still do. */
  readonly plain = new Map<OrderId, WorkingOrder>();
  /** Those that another order or a group bounds: with one of them nothing is summed ahead. */
  readonly bound = new Set<OrderId>();
  readonly sums: Record<Side, Sum | null> = { buy: null, sell: null };

  sideOf(side: Side, mark: Mark | null): SideTotal {
    const known = this.sums[side];
    if (known?.mark === mark) return known.total;
    const total = sideTotal(this.plain.values(), side, mark);
    this.sums[side] = { mark, total };
    return total;
  }

  set(id: OrderId, order: WorkingOrder): void {
    const before = this.plain.get(id);
    this.plain.set(id, order);
    if (before === undefined) this.#count(order);
    else if (!isSame(before, order)) this.sums[before.side] = this.sums[order.side] = null;
  }

  delete(id: OrderId): void {
    this.bound.delete(id);
    const before = this.plain.get(id);
    if (before === undefined) return;
    this.plain.delete(id);
    this.sums[before.side] = null;
  }

  #count(order: WorkingOrder): void {
    const sum = this.sums[order.side];
    if (sum === null) return;
    const { mark, total } = sum;
    this.sums[order.side] = { mark, total: add(total, single(order, mark)) };
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
    isEqual(one.limitPrice, other.limitPrice) &&
    isEqual(one.stopPrice, other.stopPrice) &&
    isEqual(one.quantity, other.quantity) &&
    isEqual(one.notional, other.notional)
  );
}

function isEqual(one: WorkingOrder["quantity"], other: WorkingOrder["quantity"]): boolean {
  return one === other || (one !== null && other !== null && one.eq(other));
}
