// GET and PUT /limits: the same rows that SQL tunes, defended by the same triggers.
import { z } from "zod";
import { flag, name, sentence, word } from "../../app/fields.ts";
import { limitValue } from "../../app/limit-value-field.ts";
import { invalidFields } from "../../app/problem.ts";
import { requireAccount, requireUnrestricted } from "../../app/sender.ts";
import { LIMIT_DEFINITIONS } from "../../domain/limits.ts";
import type { LimitScope } from "../../ports/operations.ts";
import { limitAnswer, limitHistoryAnswer } from "../answers/operations.ts";
import { listOf } from "../answers/words.ts";
import type { Api } from "../context.ts";
import { answer, listAnswer } from "../http/answer.ts";
import { isRowNumber } from "../http/cursor.ts";
import { pageOf } from "../http/pages.ts";
import { route } from "../route.ts";
import { BASE, pageQuery } from "./base.ts";

const KEYS = Object.keys(LIMIT_DEFINITIONS);

export const listLimits = route({
  method: "GET",
  path: `${BASE}/limits`,
  operation: "listLimits",
  tag: "limits",
  summary: "List limits with their overrides",
  access: "viewer",
  answers: { 200: { description: "All of them.", schema: listOf(limitAnswer) } },
  async handle({ api }) {
    return listAnswer(await limitsWithOverrides(api), null);
  },
});

const change = z.strictObject({
  key: word(KEYS),
  value: limitValue.optional().describe("Null switches it off. Left out, it stays."),
  account: name().nullish(),
  symbol: name().nullish(),
  strategy: name().nullish(),
  hard: flag.optional(),
  shadow: flag.optional().describe("Only for the limit itself, not for an override."),
  remove: flag.optional().describe("Takes an override away."),
  reason: sentence(500).nullish(),
});

export const putLimit = route({
  method: "PUT",
  path: `${BASE}/limits`,
  operation: "changeLimit",
  tag: "limits",
  summary: "Change a limit, or an override for an account, a symbol, a strategy",
  access: "admin",
  body: change,
  example: { key: "max_position_size_usd", value: 20000, reason: "more room" },
  answers: { 200: { description: "The limit as it is now.", schema: limitAnswer } },
  async handle({ api, sender, body }) {
    const { key, value, hard, shadow, remove } = body;
    const scope = scopeOf(body);
    if (scope?.account == null) requireUnrestricted(sender);
    else requireAccount(sender, scope.account);
    const given = [value, hard, shadow, remove].filter((each) => each !== undefined);
    if (given.length === 0) {
      throw invalidFields([{ field: "value", message: "is required (or hard, shadow, remove)" }]);
    }
    if (scope === null && remove !== undefined) {
      throw invalidFields([{ field: "remove", message: "is for overrides: name their scope" }]);
    }
    if (scope !== null && shadow !== undefined) {
      throw invalidFields([{ field: "shadow", message: "is not for overrides" }]);
    }
    await api.operations.changeLimits(
      [
        {
          key,
          scope,
          reason: body.reason ?? null,
          ...(value === undefined ? {} : { value }),
          ...(hard === undefined ? {} : { hard }),
          ...(shadow === undefined ? {} : { shadow }),
          ...(remove === undefined ? {} : { remove }),
        },
      ],
      sender.actor,
    );
    const rows = await limitsWithOverrides(api);
    return answer(
      200,
      rows.find((row) => row.key === key),
    );
  },
});

export const listLimitHistory = route({
  method: "GET",
  path: `${BASE}/limits/history`,
  operation: "listLimitHistory",
  tag: "limits",
  summary: "Who changed which limit, and why",
  access: "viewer",
  query: z.strictObject({ ...pageQuery, key: word([...KEYS]).optional() }),
  answers: { 200: { description: "The newest first.", schema: listOf(limitHistoryAnswer) } },
  handle({ api, query }) {
    return pageOf(query, {
      rows: ({ limit, after }) =>
        api.operations.limitHistory(
          { key: query.key ?? null, before: after === null ? null : Number(after) },
          limit,
        ),
      accepts: isRowNumber,
      positionOf: (row) => String(row.id),
      view: (rows) => rows,
    });
  },
});

async function limitsWithOverrides(api: Api) {
  const [limits, overrides] = await Promise.all([
    api.operations.limitRows(),
    api.operations.overrideRows(),
  ]);
  return limits.map((limit) => ({
    ...limit,
    overrides: overrides.filter(({ key }) => key === limit.key),
  }));
}

function scopeOf(body: z.output<typeof change>): LimitScope | null {
  const { account = null, symbol = null, strategy = null } = body;
  if (account === null && symbol === null && strategy === null) return null;
  return { account, symbol, strategy };
}
