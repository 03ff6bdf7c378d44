// Orders that are over and booked, as the record tells of them in a few figures. Behind a restart, and behind
// every busy minute, a look at the broker is full of orders that the book has forgotten: what shows one as it
// was booked says nothing new, and need not bring its whole history back.
import type { BrokerOrderSnapshot, BrokerOrderStatus, BrokerView } from "../broker.ts";
import { Decimal } from "../decimal.ts";
import type { BrokerOrderId } from "../ids.ts";
import { agreesInSum, type Sum } from "./restated.ts";
import { TERMINAL_STATUSES } from "./spec.ts";

export interface SettledOrder {
  readonly brokerOrderId: BrokerOrderId;
  readonly filledQuantity: Decimal;
  readonly filledNotional: Decimal;
}

const NOTHING: Sum = { quantity: Decimal.ZERO, value: Decimal.ZERO };

export type Settled = ReadonlyMap<BrokerOrderId, SettledOrder>;

const OVER: ReadonlySet<BrokerOrderStatus> = new Set(TERMINAL_STATUSES);

export function isSettledAs(settled: Settled, snapshot: BrokerOrderSnapshot): boolean {
  const known = settled.get(snapshot.brokerOrderId);
  if (known === undefined || !OVER.has(snapshot.status)) return false;
  return agreesInSum({ quantity: known.filledQuantity, value: known.filledNotional }, snapshot);
}

type Fills = BrokerView["executions"];

/** Without those of orders that they are all the fills of, to the last digit of their cost. */
export function withoutSettled(fills: Fills, settled: Settled): Fills {
  const sums = new Map<BrokerOrderId, Sum>();
  for (const { brokerOrderId: id, quantity, price } of fills) {
    if (id === null || !settled.has(id)) continue;
    const { quantity: before, value } = sums.get(id) ?? NOTHING;
    sums.set(id, { quantity: before.plus(quantity), value: value.plus(quantity.times(price)) });
  }
  return fills.filter(({ brokerOrderId: id }) => {
    const [sum, known] = id === null ? [] : [sums.get(id), settled.get(id)];
    if (sum === undefined || known === undefined) return true;
    return !sum.quantity.eq(known.filledQuantity) || !sum.value.eq(known.filledNotional);
  });
}
