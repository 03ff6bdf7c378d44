// One activity as the wire has it: a fill, the fee of a fill, or an entry that is no trade.
import type { Entry } from "../../core/entry.ts";
import type { Execution, Order } from "../../core/order.ts";
import { newYorkDate } from "../../new-york.ts";
import { activityStamp } from "../activity-id.ts";
import { timestamp } from "./time.ts";

export function fillJson(id: string, execution: Execution, order: Order | undefined): unknown {
  return {
    id,
    activity_type: "FILL",
    transaction_time: timestamp(execution.at),
    type: execution.complete ? "fill" : "partial_fill",
    price: execution.price.toString(),
    qty: execution.quantity.toString(),
    side: execution.side,
    symbol: execution.symbol,
    leaves_qty: execution.leaves.toString(),
    order_id: execution.orderId,
    cum_qty: execution.cumulative.toString(),
    order_status: order?.status ?? "filled",
  };
}

export function feeTypeOf({ side }: Execution): "CFEE" | "FEE" {
  return side === "buy" ? "CFEE" : "FEE";
}

/** Of a purchase the fee is taken in the coin, of a sale in dollars. */
export function feeJson(id: string, execution: Execution): unknown {
  const inCoin = execution.side === "buy";
  return {
    id,
    activity_type: feeTypeOf(execution),
    date: newYorkDate(Math.floor(execution.at / 1000)),
    net_amount: inCoin ? "0" : execution.fee.negated().toString(),
    symbol: execution.symbol.replace("/", ""),
    qty: inCoin ? execution.fee.negated().toString() : "0",
    price: execution.price.toString(),
    status: "executed",
    created_at: timestamp(execution.at),
    currency: "USD",
    description: "Crypto trading fee",
  };
}

export function entryId({ id, at }: Pick<Entry, "id" | "at">): string {
  return `${activityStamp(at)}::${id}`;
}

/** What an entry has nothing to say about is left out. */
export function entryJson(entry: Entry): unknown {
  const { type, subType, symbol, quantity, price, perShare, groupId } = entry;
  return {
    id: entryId(entry),
    activity_type: type,
    ...(subType !== null && { activity_sub_type: subType }),
    date: newYorkDate(Math.floor(entry.at / 1000)),
    net_amount: entry.amount.toString(),
    ...(symbol !== null && { symbol }),
    ...(quantity !== null && { qty: quantity.toString() }),
    ...(price !== null && { price: price.toString() }),
    ...(perShare !== null && { per_share_amount: perShare.toString() }),
    status: entry.status,
    created_at: timestamp(entry.at),
    currency: "USD",
    description: entry.description,
    ...(groupId !== null && { group_id: groupId }),
  };
}
