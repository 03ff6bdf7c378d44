// GET /orders: with filters, the newest first.
import { z } from "zod";
import { isUuid, name, word } from "../../app/fields.ts";
import { ORDER_STATUSES, SIDES, TERMINAL_STATUSES } from "../../domain/order/spec.ts";
import type { ExecutionRow, OrderFilter, OrderRow } from "../../ports/queries.ts";
import { orderListed } from "../answers/order.ts";
import type { Api } from "../context.ts";
import { pagedListOf } from "../answers/words.ts";
import { pageOf } from "../http/pages.ts";
import { route } from "../route.ts";
import {
  accountQuery,
  BASE,
  dateOf,
  flagQuery,
  instrumentsOf,
  numberedPageQuery,
  periodQuery,
  requireId,
  symbolQuery,
} from "./base.ts";
import { visibleAccounts } from "./scope.ts";

const OPEN = ORDER_STATUSES.filter(
  (status) => !TERMINAL_STATUSES.some((terminal) => terminal === status),
);

export const listOrders = route({
  method: "GET",
  path: `${BASE}/orders`,
  operation: "listOrders",
  tag: "orders",
  summary: "List orders",
  access: "viewer",
  query: z.strictObject({
    ...numberedPageQuery,
    ...accountQuery,
    ...symbolQuery,
    ...periodQuery,
    status: z
      .string()
      .transform(statusesOf)
      .optional()
      .describe("One status, several with commas, or `open` for all that are not closed."),
    side: word(SIDES).optional(),
    strategy: name().optional(),
    signal_id: z.string().optional(),
    executions: flagQuery.optional().describe("`true` shows the executions of each order too."),
  }),
  answers: { 200: { description: "The newest first.", schema: pagedListOf(orderListed) } },
  handle({ api, sender, query }) {
    const filter: OrderFilter = {
      accounts: visibleAccounts(api, sender, query.account ?? null),
      statuses: query.status ?? null,
      instruments: instrumentsOf(api, query.symbol),
      side: query.side ?? null,
      strategy: query.strategy ?? null,
      signalId: query.signal_id === undefined ? null : requireId(query.signal_id, "signal"),
      from: dateOf(query.from),
      to: dateOf(query.to),
    };
    return pageOf(query, {
      rows: (page) => api.queries.orders(filter, page),
      accepts: isUuid,
      positionOf: (row) => row.id,
      count: (cap) => api.queries.countOrders(filter, cap),
      view: (rows) => (query.executions === true ? withExecutions(api, rows) : rows),
    });
  },
});

async function withExecutions(api: Api, rows: readonly OrderRow[]) {
  const byOrder = new Map(rows.map(({ id }) => [id, [] as ExecutionRow[]]));
  for (const execution of await api.queries.executions([...byOrder.keys()])) {
    byOrder.get(execution.order_id)?.push(execution);
  }
  return rows.map((row) => ({ ...row, executions: byOrder.get(row.id) ?? [] }));
}

function statusesOf(text: string, context: z.RefinementCtx): readonly string[] {
  const words = text.toLowerCase().split(",");
  const statuses = words.flatMap((each) => (each === "open" ? OPEN : [each]));
  const odd = statuses.find((each) => !ORDER_STATUSES.some((status) => status === each));
  if (odd === undefined) return statuses;
  context.addIssue(`must be open, or one of ${ORDER_STATUSES.join(", ")}`);
  return z.NEVER;
}
