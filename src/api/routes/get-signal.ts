// GET /signals/:id: the ledger of one signal, from what came in to what the broker said last.
import { asRecord, publicEvent, verdictsIn } from "../../app/public-event.ts";
import { earliest, markOf, signalView } from "../../app/views.ts";
import type { EventRow } from "../../ports/queries.ts";
import { ledgerAnswer } from "../answers/signal.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, requireId } from "./base.ts";
import { isVisible } from "./scope.ts";

export const getSignal = route({
  method: "GET",
  path: `${BASE}/signals/:id`,
  operation: "getSignal",
  tag: "signals",
  summary: "What became of a signal",
  access: "viewer",
  params: idParams,
  answers: { 200: { description: "The whole story.", schema: ledgerAnswer } },
  async handle({ api, sender, params }) {
    const id = requireId(params.id, "signal");
    const row = await api.queries.signal(id);
    if (row === null || !isVisible(api, sender, row.account)) throw notFound("signal", id);
    const [decision, orders] = await Promise.all([
      api.queries.decisionEvent(id),
      api.queries.ordersByIds(row.order_ids),
    ]);
    const histories = await Promise.all(orders.map((each) => api.queries.orderEvents(each.id)));
    const events = [...(decision === null ? [] : [decision]), ...histories.flat()];
    const judged = events.findLast(({ payload }) => verdictsIn(asRecord(payload)) !== null);
    const executions = await api.queries.executions(row.order_ids);
    return answer(200, {
      ...signalView(row, orders, api.clock.now()),
      trace_parent: row.trace_parent,
      sent_at: earliest(orders.map((each) => each.submitted_at)),
      acknowledged_at: earliest(orders.map((each) => each.accepted_at)),
      filled_at: earliest(orders.map((each) => (each.status === "filled" ? each.closed_at : null))),
      limits_version: row.limits_version,
      mark: markOf(row),
      verdicts: verdictsIn(asRecord(judged?.payload)) ?? [],
      orders: orders.map((order) => ({
        ...order,
        executions: executions.filter((each) => each.order_id === order.id),
      })),
      history: inOrder(events, judged),
    });
  },
});

/**
 * The newest verdicts stand in the ledger itself: of the decision, or of the release or the change for
 * which the chain ran again. The others stay where they are.
 */
function inOrder(events: readonly EventRow[], judged: EventRow | undefined) {
  return events
    .toSorted((one, other) => one.seq - other.seq)
    .map((row) => {
      const event = publicEvent(row);
      if (row !== judged) return event;
      return { ...event, data: { ...event.data, verdicts: undefined } };
    });
}
