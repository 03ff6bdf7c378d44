// Which held orders are looked at for their end. Most can only grow too old, at an instant that is known, and
// there may be a hundred thousand of them: they are passed over until the first of those instants, unless an
// event has changed them. A memory of the book, never a fact of its own: forgotten, all are looked at.
import type { OrderId } from "./ids.ts";
import type { OrderState } from "./order/state.ts";

const NEVER = Number.POSITIVE_INFINITY;

type Held = Iterable<OrderId> & Pick<ReadonlySet<OrderId>, "has">;

export class HeldEnds {
  readonly #changed = new Set<OrderId>();
  /** Those that wait for more than time: each look is at them. */
  readonly #watched = new Set<OrderId>();
  /** When the first of the others may end; all are looked at from then on. */
  #next = Number.NEGATIVE_INFINITY;
  #rules: readonly unknown[] = [];

  /** An order was placed, or is another one now. */
  touch({ id, status }: OrderState): void {
    if (status === "pending") this.#changed.add(id);
    else this.#changed.delete(id);
  }

  /** Those to look at now, under rules that count as others when they are other objects. */
  look(held: Held, now: number, rules: readonly unknown[]): readonly OrderId[] {
    const isSame = rules.every((rule, index) => rule === this.#rules[index]);
    const isAll = !isSame || now >= this.#next;
    const ids = isAll ? [...held] : [...new Set([...this.#watched, ...this.#changed])];
    if (isAll) [this.#rules, this.#next] = [rules, NEVER];
    this.#watched.clear();
    this.#changed.clear();
    return ids.filter((id) => held.has(id));
  }

  /** It is still held, and cannot end before then. */
  passOver(id: OrderId, until: number, now: number): void {
    if (until > now) this.#next = Math.min(this.#next, until);
    else this.#watched.add(id);
  }

  /** Not all could be looked at. */
  lookAtAll(): void {
    this.#next = Number.NEGATIVE_INFINITY;
  }
}
