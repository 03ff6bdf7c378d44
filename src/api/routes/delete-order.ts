// DELETE /orders/:id: asks for the cancel; the broker has the last word, and it stands in the history.
import { sendCommand } from "../../app/send-command.ts";
import { Problem } from "../../app/problem.ts";
import { requireOwn } from "../../app/sender.ts";
import { asId, type AccountId, type OrderId } from "../../domain/ids.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE, idParams } from "./base.ts";
import { commandAnswers, commandReply } from "./command-reply.ts";
import { visibleOrder } from "./get-order.ts";

export const deleteOrder = route({
  method: "DELETE",
  path: `${BASE}/orders/:id`,
  operation: "cancelOrder",
  tag: "orders",
  summary: "Cancel an order",
  access: "trader",
  params: idParams,
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params } = call;
    const order = await visibleOrder(api, sender, params.id);
    requireOwn(sender, order);
    const envelope = envelopeOf(call, "cancel_order");
    if (order.closed_at !== null && envelope.key === null) {
      throw new Problem("already_closed", `The order is ${order.status} already.`);
    }
    const receipt = await sendCommand(api.accepting, envelope, asId<AccountId>(order.account), {
      kind: "cancel_order",
      orderId: asId<OrderId>(order.id),
    });
    return commandReply(call, receipt);
  },
});
