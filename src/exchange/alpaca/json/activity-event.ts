// One event of the stream of activities: what every kind of them says, and the details of its own.
import type { Entry, EntryNews } from "../../core/entry.ts";
import { movementOf } from "../../core/fill.ts";
import type { Execution, Order } from "../../core/order.ts";
import { newYorkDate } from "../../new-york.ts";
import { disguise, FEE_MASK } from "../activity-id.ts";
import { feeTypeOf } from "./activity.ts";
import { timestamp } from "./time.ts";

const dayOf = (micros: number): string => newYorkDate(Math.floor(micros / 1000));

export function tradeEvent(eventId: string, execution: Execution, order: Order): unknown {
  const { corrects } = execution;
  const isBust = execution.quantity.isNegative();
  const type = corrects === null ? (execution.complete ? "fill" : "partial_fill") : null;
  return {
    account_id: execution.accountId,
    event_id: eventId,
    ref_id: execution.id,
    ...(corrects !== null && { previous_id: corrects }),
    activity_type: "TRD",
    qty: execution.quantity.toString(),
    price: execution.price.toString(),
    currency: "USD",
    net_amount: movementOf(execution).payment.toString(),
    status: corrects === null ? "executed" : isBust ? "canceled" : "correct",
    at: timestamp(execution.at),
    executed_at: timestamp(execution.at),
    settle_date: dayOf(execution.at),
    details: {
      asset_id: order.asset.id,
      order_id: order.id,
      client_order_id: order.clientOrderId,
      side: execution.side,
      order_status: order.status,
      execution_type: type ?? (isBust ? "trade_bust" : "trade_correct"),
      symbol: execution.symbol,
      cum_qty: execution.cumulative.toString(),
      leaves_qty: execution.leaves.toString(),
    },
  };
}

/** Of a purchase the fee is taken in the coin, of a sale in dollars; it names the trade that it is for. */
export function feeEvent(eventId: string, execution: Execution): unknown {
  const inCoin = execution.side === "buy";
  const fee = execution.fee.negated().toString();
  return {
    account_id: execution.accountId,
    event_id: eventId,
    ref_id: disguise(execution.id, FEE_MASK),
    activity_type: feeTypeOf(execution),
    qty: inCoin ? fee : "0",
    price: execution.price.toString(),
    currency: "USD",
    net_amount: inCoin ? "0" : fee,
    status: "executed",
    at: timestamp(execution.at),
    executed_at: timestamp(execution.at),
    settle_date: dayOf(execution.at),
    details: { parent_id: execution.id, system_date: dayOf(execution.at) },
  };
}

export function entryEvent(eventId: string, { entry, id, previousId, at }: EntryNews): unknown {
  const isSplit = entry.split !== null;
  return {
    account_id: entry.accountId,
    event_id: eventId,
    ref_id: id,
    ...(previousId !== null && { previous_id: previousId }),
    activity_type: entry.type,
    ...(entry.subType !== null && { activity_subtype: entry.subType }),
    // Only a split moves shares; what a dividend was paid for is among its details.
    qty: isSplit ? (entry.quantity?.toString() ?? "0") : "0",
    price: entry.price?.toString() ?? "0",
    currency: "USD",
    net_amount: entry.amount.toString(),
    status: entry.status,
    at: timestamp(at),
    executed_at: timestamp(entry.at),
    settle_date: dayOf(entry.at),
    details: { ...detailsOf(entry), system_date: dayOf(at) },
  };
}

/** Shares here have no CUSIP, which the published shape asks for. */
const NO_CUSIP = "";

function detailsOf(entry: Entry): Record<string, unknown> {
  const { symbol, split, groupId } = entry;
  const day = dayOf(entry.at);
  if (split !== null) {
    return {
      group_id: groupId,
      symbol,
      old_cusip: NO_CUSIP,
      new_cusip: NO_CUSIP,
      old_rate: String(split.from),
      new_rate: String(split.to),
      old_qty: split.before.toString(),
      new_qty: split.after.toString(),
      position_date: day,
      ex_date: day,
      payable_date: day,
    };
  }
  if (entry.type === "DIV") {
    return {
      symbol,
      cusip: NO_CUSIP,
      rate: entry.perShare?.toString() ?? "0",
      entitled_qty: entry.quantity?.toString() ?? "0",
      cash_payout: entry.amount.toString(),
      foreign: false,
      special: false,
      position_date: day,
      ex_date: day,
      payable_date: day,
    };
  }
  // A fee names what it was taken for; this one was taken by itself.
  return entry.type === "FEE" ? { parent_id: entry.id } : {};
}
