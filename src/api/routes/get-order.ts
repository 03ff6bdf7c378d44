// GET /orders/:id: an order with its executions and its whole history.
import { explainOrder } from "../../app/explain.ts";
import { publicEvent } from "../../app/public-event.ts";
import { type Sender } from "../../app/sender.ts";
import type { OrderRow } from "../../ports/queries.ts";
import { orderWithHistory } from "../answers/order.ts";
import type { Api } from "../context.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, requireId } from "./base.ts";
import { isVisible } from "./scope.ts";

export const getOrder = route({
  method: "GET",
  path: `${BASE}/orders/:id`,
  operation: "getOrder",
  tag: "orders",
  summary: "One order with its executions and history",
  access: "viewer",
  params: idParams,
  answers: { 200: { description: "The order.", schema: orderWithHistory } },
  async handle({ api, sender, params }) {
    const order = await visibleOrder(api, sender, params.id);
    const [executions, events] = await Promise.all([
      api.queries.executions([order.id]),
      api.queries.orderEvents(order.id),
    ]);
    const history = events.map(publicEvent);
    return answer(200, { ...order, executions, history, summary: explainOrder(order) });
  },
});

/** Orders of accounts that the sender may not see are not there for them. */
export async function visibleOrder(api: Api, sender: Sender, id: string): Promise<OrderRow> {
  const order = await api.queries.order(requireId(id, "order"));
  if (order === null || !isVisible(api, sender, order.account)) throw notFound("order", id);
  return order;
}
