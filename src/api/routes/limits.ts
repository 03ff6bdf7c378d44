// GET and PUT /limits: the same rows that SQL tunes, defended by the same triggers.
import { z } from "zod";
import { flag, name, sentence, word } from "../../app/fields.ts";
import { limitValue } from "../../app/limit-value-field.ts";
import { namedRequest } from "../../app/named-request.ts";
import { invalidFields, Problem } from "../../app/problem.ts";
import {
  mayUseAccount,
  requireAccount,
  requireStrategy,
  requireSymbol,
  requireUnrestricted,
  requireWholeAccount,
  type Sender,
} from "../../app/sender.ts";
import { LIMIT_DEFINITIONS } from "../../domain/limits.ts";
import type { LimitScope } from "../../ports/operations.ts";
import { limitAnswer, limitHistoryAnswer } from "../answers/operations.ts";
import { listOf } from "../answers/words.ts";
import type { Api } from "../context.ts";
import { answer, listAnswer, replayHeaders } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
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
  async handle({ api, sender }) {
    return listAnswer(await limitsWithOverrides(api, sender), null);
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
  takesKey: true,
  async handle(call) {
    const { api, sender, body } = call;
    const { key, value, hard, shadow, remove } = body;
    const scope = scopeOf(api, body);
    requireScope(sender, scope);
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
    const named = namedRequest(envelopeOf(call, "limits"), {
      ...{ ...body, ...scope },
      // In a list of its own, since off is another request than a value that was left out.
      value: value === undefined ? null : [value],
    });
    const asked = {
      ...{ key, scope, reason: body.reason ?? null },
      ...(value === undefined ? {} : { value }),
      ...(hard === undefined ? {} : { hard }),
      ...(shadow === undefined ? {} : { shadow }),
      ...(remove === undefined ? {} : { remove }),
    };
    const { actor } = sender;
    const { isReplay } = await api.operations.changeLimits({ changes: [asked], actor, named });
    const rows = await limitsWithOverrides(api, sender);
    return answer(
      200,
      rows.find((row) => row.key === key),
      replayHeaders(isReplay),
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
  handle({ api, sender, query }) {
    return pageOf(query, {
      rows: ({ limit, after }) =>
        api.operations.limitHistory(
          { key: query.key ?? null, before: after === null ? null : Number(after) },
          limit,
        ),
      accepts: isRowNumber,
      positionOf: (row) => String(row.id),
      view: (rows) =>
        rows.filter(({ account }) => account === null || mayUseAccount(sender, account)),
    });
  },
});

/** What holds for more than the key's own part is not for it to change. */
function requireScope(sender: Sender, scope: LimitScope | null): void {
  if (scope?.account == null) return requireUnrestricted(sender);
  requireAccount(sender, scope.account);
  requireStrategy(sender, scope.strategy);
  if (sender.symbols === null) return;
  if (scope.symbol === null) requireWholeAccount(sender);
  else requireSymbol(sender, scope.symbol);
}

async function limitsWithOverrides(api: Api, sender: Sender) {
  const [limits, overrides] = await Promise.all([
    api.operations.limitRows(),
    api.operations.overrideRows(),
  ]);
  return limits.map((limit) => ({
    ...limit,
    overrides: overrides.filter(
      ({ key, account }) =>
        key === limit.key && (account === null || mayUseAccount(sender, account)),
    ),
  }));
}

function scopeOf(api: Api, body: z.output<typeof change>): LimitScope | null {
  const { account = null, symbol = null, strategy = null } = body;
  if (account === null && symbol === null && strategy === null) return null;
  // What is there may be taken away under whatever name it was made.
  if (body.remove === true) return { account, symbol, strategy };
  if (account !== null) api.directory.account(account);
  return { account, symbol: symbol === null ? null : symbolIn(api, symbol), strategy };
}

/** As the instrument is called: an override for a symbol that nobody trades would silently do nothing. */
function symbolIn({ directory }: Api, asked: string): string {
  const symbols = new Set(directory.idsOf(asked).map((id) => directory.instrument(id)?.symbol));
  const [symbol, other] = symbols;
  if (symbol !== undefined && other === undefined) return symbol;
  const message = symbol === undefined ? "is not known" : "means several instruments";
  throw new Problem("unknown_symbol", `${asked} ${message}.`, {
    fields: [{ field: "symbol", message }],
  });
}
