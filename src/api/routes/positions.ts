// GET /positions, /positions/:symbol and its history: what is held, what it is worth, how much of the
// limit it takes.
import { z } from "zod";
import { name, word } from "../../app/fields.ts";
import { positionView } from "../../app/position-view.ts";
import { positionAnswer, positionHistoryAnswer } from "../answers/position.ts";
import { listOf } from "../answers/words.ts";
import { answer, listAnswer } from "../http/answer.ts";
import { isVersion } from "../http/cursor.ts";
import { pageOf } from "../http/pages.ts";
import { route } from "../route.ts";
import {
  accountQuery,
  BASE,
  flagQuery,
  instrumentsOf,
  notFound,
  pageQuery,
  symbolQuery,
} from "./base.ts";
import { visibleAccounts } from "./scope.ts";

export const symbolParams = z.strictObject({ symbol: z.string().max(40) });

export const listPositions = route({
  method: "GET",
  path: `${BASE}/positions`,
  operation: "listPositions",
  tag: "positions",
  summary: "List positions",
  access: "viewer",
  query: z.strictObject({
    ...accountQuery,
    ...symbolQuery,
    strategy: name().optional(),
    include_closed: flagQuery.optional(),
    by: word(["strategy"]).optional().describe("`strategy`: the share of each strategy."),
  }),
  answers: { 200: { description: "All of them.", schema: listOf(positionAnswer) } },
  async handle({ api, sender, query }) {
    const rows = await api.queries.positions({
      accounts: visibleAccounts(api, sender, query.account ?? null),
      instruments: instrumentsOf(api, query.symbol),
      strategy: query.strategy ?? null,
      byStrategy: query.by === "strategy",
      includeClosed: query.include_closed ?? false,
    });
    const now = api.clock.now();
    return listAnswer(
      rows.map((row) => positionView(row, api.world.limits, now)),
      null,
    );
  },
});

export const getPosition = route({
  method: "GET",
  path: `${BASE}/positions/:symbol`,
  operation: "getPosition",
  tag: "positions",
  summary: "One position",
  description: "A symbol that was never held is not found; one that is closed is flat.",
  access: "viewer",
  params: symbolParams,
  query: z.strictObject({ ...accountQuery, strategy: name().optional() }),
  answers: { 200: { description: "The position.", schema: positionAnswer } },
  async handle({ api, sender, params, query }) {
    const [row] = await api.queries.positions({
      accounts: visibleAccounts(api, sender, query.account ?? null),
      instruments: api.directory.idsOf(params.symbol),
      strategy: query.strategy ?? null,
      byStrategy: false,
      includeClosed: true,
    });
    if (row === undefined) throw notFound("position in", params.symbol);
    return answer(200, positionView(row, api.world.limits, api.clock.now()));
  },
});

export const getPositionHistory = route({
  method: "GET",
  path: `${BASE}/positions/:symbol/history`,
  operation: "getPositionHistory",
  tag: "positions",
  summary: "How a position went",
  access: "viewer",
  params: symbolParams,
  query: z.strictObject({ ...pageQuery, ...accountQuery, strategy: name().optional() }),
  answers: { 200: { description: "The newest first.", schema: listOf(positionHistoryAnswer) } },
  handle({ api, sender, params, query }) {
    const filter = {
      accounts: visibleAccounts(api, sender, query.account ?? null),
      instruments: api.directory.idsOf(params.symbol),
      strategy: query.strategy ?? null,
    };
    return pageOf(query, {
      rows: (page) => api.queries.positionHistory(filter, page),
      accepts: isVersion,
      positionOf: (row) => String(row.version),
      view: (rows) => rows,
    });
  },
});
