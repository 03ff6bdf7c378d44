// PATCH /orders/:id: new terms for an order that works. Our id stays; the broker may give it another.
import { z } from "zod";
import { exact, word } from "../../app/fields.ts";
import { invalidFields } from "../../app/problem.ts";
import { Problem } from "../../app/problem.ts";
import { sendCommand } from "../../app/send-command.ts";
import { requireStrategy } from "../../app/sender.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId, type AccountId, type OrderId } from "../../domain/ids.ts";
import { TIMES_IN_FORCE } from "../../domain/order/spec.ts";
import type { OrderRow } from "../../ports/queries.ts";
import type { Sender } from "../../app/sender.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE, idParams } from "./base.ts";
import { commandAnswers, commandReply } from "./command-reply.ts";
import { visibleOrder } from "./get-order.ts";

const change = z.strictObject({
  qty: exact().nullish(),
  limit_price: exact().nullish(),
  stop_price: exact().nullish(),
  trail: exact().nullish().describe("The trailing price or percentage, whichever the order has."),
  time_in_force: word(TIMES_IN_FORCE).nullish(),
});

export const patchOrder = route({
  method: "PATCH",
  path: `${BASE}/orders/:id`,
  operation: "replaceOrder",
  tag: "orders",
  summary: "Change an order that works",
  access: "trader",
  params: idParams,
  body: change,
  example: { limit_price: "180.50" },
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params, body } = call;
    const { qty, limit_price: limit, stop_price: stop, trail, time_in_force: force } = body;
    if ([qty, limit, stop, trail, force].every((each) => each == null)) {
      throw invalidFields([{ field: "body", message: "must change something" }]);
    }
    const order = await visibleOrder(api, sender, params.id);
    requireStrategy(sender, order.strategy);
    requireCap(sender, order, { qty: qty ?? null, price: limit ?? stop ?? null });
    const envelope = envelopeOf(call, "replace_order");
    if (order.closed_at !== null && envelope.key === null) {
      throw new Problem("already_closed", `The order is ${order.status} already.`);
    }
    const receipt = await sendCommand(api.accepting, envelope, asId<AccountId>(order.account), {
      kind: "replace_order",
      orderId: asId<OrderId>(order.id),
      change: {
        ...(qty == null ? {} : { quantity: qty }),
        ...(limit == null ? {} : { limitPrice: limit }),
        ...(stop == null ? {} : { stopPrice: stop }),
        ...(trail == null ? {} : { trail }),
        ...(force == null ? {} : { timeInForce: force }),
      },
    });
    return commandReply(call, receipt);
  },
});

/** A key with a largest amount cannot grow an order past it. */
function requireCap(
  { maxNotional }: Sender,
  order: OrderRow,
  change: { readonly qty: Decimal | null; readonly price: Decimal | null },
): void {
  if (maxNotional === null) return;
  const known = order.limit_price ?? order.stop_price;
  const price = change.price ?? (known === null ? null : Decimal.of(known));
  const qty = change.qty ?? (order.qty === null ? null : Decimal.of(order.qty));
  if (price !== null && qty !== null && price.times(qty).lte(maxNotional)) return;
  throw new Problem(
    "exceeds_key_limit",
    `After this change the order would be worth more than ${maxNotional.toString()}, or nobody knows how much.`,
  );
}
