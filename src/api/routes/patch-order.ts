// PATCH /orders/:id: new terms for an order that works. Our id stays; the broker may give it another.
import { z } from "zod";
import { exactPrice, exactQuantity, word } from "../../app/fields.ts";
import { invalidFields } from "../../app/problem.ts";
import { Problem } from "../../app/problem.ts";
import { requireCap } from "../../app/key-cap.ts";
import { sendCommand } from "../../app/send-command.ts";
import { requireOwn } from "../../app/sender.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId, type AccountId, type InstrumentId, type OrderId } from "../../domain/ids.ts";
import { TIMES_IN_FORCE, type Side } from "../../domain/order/spec.ts";
import type { OrderRow } from "../../ports/queries.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route, type Call } from "../route.ts";
import { BASE, idParams } from "./base.ts";
import { commandAnswers, commandReply } from "./command-reply.ts";
import { visibleOrder } from "./get-order.ts";
import { lastPriceOf } from "./receive-signal.ts";

const change = z.strictObject({
  qty: exactQuantity().nullish(),
  limit_price: exactPrice().nullish(),
  stop_price: exactPrice().nullish(),
  trail: exactPrice()
    .nullish()
    .describe("The trailing price or percentage, whichever the order has."),
  time_in_force: word(TIMES_IN_FORCE).nullish(),
});

type Change = z.output<typeof change>;

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
    requireOwn(sender, order);
    await requireCapAfter(call, order);
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
async function requireCapAfter(
  { api, sender, body }: Pick<Call<unknown, unknown, Change>, "api" | "sender" | "body">,
  order: OrderRow,
): Promise<void> {
  if (sender.maxNotional === null) return;
  const price = await lastPriceOf(api, asId<InstrumentId>(`${order.venue}:${order.symbol}`));
  const known = (text: string | null) => (text === null ? null : Decimal.of(text));
  const priced = {
    // The column's check allows exactly the sides.
    side: order.side as Side,
    quantity: body.qty ?? known(order.qty),
    notional: body.qty == null ? known(order.notional) : null,
    limitPrice: body.limit_price ?? known(order.limit_price),
    stopPrice: body.stop_price ?? known(order.stop_price),
    field: "qty",
  };
  requireCap(sender, priced, price);
}
