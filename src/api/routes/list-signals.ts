// GET /signals: what came in, the newest first.
import { z } from "zod";
import { isUuid, name, word } from "../../app/fields.ts";
import { signalView } from "../../app/views.ts";
import type { SignalFilter } from "../../ports/queries.ts";
import { signalAnswer } from "../answers/signal.ts";
import { pagedListOf } from "../answers/words.ts";
import { pageOf } from "../http/pages.ts";
import { route } from "../route.ts";
import {
  accountQuery,
  BASE,
  dateOf,
  instrumentsOf,
  numberedPageQuery,
  periodQuery,
  symbolQuery,
} from "./base.ts";
import { visibleAccounts } from "./scope.ts";

export const listSignals = route({
  method: "GET",
  path: `${BASE}/signals`,
  operation: "listSignals",
  tag: "signals",
  summary: "List signals",
  access: "viewer",
  query: z.strictObject({
    ...numberedPageQuery,
    ...accountQuery,
    ...symbolQuery,
    ...periodQuery,
    strategy: name().optional(),
    outcome: word(["waiting", "ordered", "held", "rejected", "nothing_to_do"]).optional(),
  }),
  answers: { 200: { description: "The newest first.", schema: pagedListOf(signalAnswer) } },
  handle({ api, sender, query }) {
    const filter: SignalFilter = {
      accounts: visibleAccounts(api, sender, query.account ?? null),
      outcome: query.outcome ?? null,
      instruments: instrumentsOf(api, query.symbol),
      strategy: query.strategy ?? null,
      from: dateOf(query.from),
      to: dateOf(query.to),
    };
    return pageOf(query, {
      rows: (page) => api.queries.signals(filter, page),
      accepts: isUuid,
      positionOf: (row) => row.id,
      count: (cap) => api.queries.countSignals(filter, cap),
      async view(rows) {
        const ids = rows.flatMap((row) => row.order_ids);
        const orders = await api.queries.ordersByIds(ids);
        const now = api.clock.now();
        return rows.map((row) =>
          signalView(
            row,
            orders.filter((order) => order.signal_id === row.id),
            now,
          ),
        );
      },
    });
  },
});
