// Who keeps sums over an account and so must hear of its changes. A file of its own, so that the book
// can name it without knowing what the sums are.
import type { InstrumentId } from "../ids.ts";
import type { OrderState } from "../order/state.ts";

export interface ChangeListener {
  /** A position, or an order that is not ours, changed on this instrument. */
  touch(instrumentId: InstrumentId): void;
  /** An order of ours was placed or has changed. */
  touchOrder(order: OrderState): void;
}
