// What an order may still take from the buying power, and has taken since the broker last told of it.
import type { AccountBook, Context } from "../book.ts";
import { Decimal } from "../decimal.ts";
import type { Instrument } from "../instrument.ts";
import type { Mark } from "../market.ts";
import type { OrderState } from "../order/state.ts";
import { isTerminal } from "../order/status.ts";
import { quantityOf } from "./exposure.ts";
import { costPrice, usableMark } from "./price.ts";
import { markFor } from "./split-mark.ts";
import { remainderOf } from "./working.ts";
import type { Remainder } from "./working.ts";

/** Null where there is no price for it. */
export function costOf(remainder: Remainder, mark: Mark | null): Decimal | null {
  if (remainder.notional !== null) return remainder.notional;
  const price = costPrice(remainder, mark);
  const quantity = quantityOf(remainder, mark);
  return price === null || quantity === null ? null : quantity.times(price);
}

/** Filled and still working together; exits take nothing. */
export function placedCost(
  order: OrderState,
  instrument: Instrument,
  world: { readonly account: AccountBook; readonly context: Context },
): Decimal | null {
  if (order.reducesPosition || isLeg(order)) return Decimal.ZERO;
  if (isTerminal(order.status)) return order.filledNotional;
  const { account, context } = world;
  const remainder = remainderOf(order, account);
  if (remainder === null) return order.filledNotional;
  const mark = usableMark(markFor(account, context.marks, instrument.id));
  return costOf(remainder, mark)?.plus(order.filledNotional) ?? null;
}

function isLeg({ role }: OrderState): boolean {
  return role === "take_profit" || role === "stop_loss";
}
