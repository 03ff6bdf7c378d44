// Ids of orders: derived from the signal or command behind them, never generated, so that a decision
// made twice names the same orders.
import type { CommandId, OrderId, SignalId } from "../ids.ts";
import { asId } from "../ids.ts";

/** A source id ends in 00; its n-th order takes n as the last byte. */
const SOURCE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{10}00$/;
export const MAX_ORDERS_PER_SOURCE = 255;

/** The n-th order of a signal or command, n from 1. */
export function deriveOrderId(sourceId: SignalId | CommandId, n: number): OrderId {
  if (!SOURCE_ID.test(sourceId)) {
    throw new RangeError(`orders derive from a lower-case UUID that ends in 00, not ${sourceId}`);
  }
  if (!Number.isSafeInteger(n) || n < 1 || n > MAX_ORDERS_PER_SOURCE) {
    throw new RangeError(`one source has orders 1 to ${MAX_ORDERS_PER_SOURCE}, not ${n}`);
  }
  return asId(sourceId.slice(0, -2) + n.toString(16).padStart(2, "0"));
}
