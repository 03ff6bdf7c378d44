// API keys: made, listed, revoked; the trail of who changed what.
import { z } from "zod";
import { exact, flag, instant, name, sentence, symbol, word } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { requireUnrestricted, ROLES } from "../../app/sender.ts";
import { auditAnswer, keyAnswer, newKeyAnswer } from "../answers/operations.ts";
import { listOf } from "../answers/words.ts";
import { makeKey } from "../auth/api-key.ts";
import { answer, emptyAnswer, listAnswer } from "../http/answer.ts";
import { isRowNumber } from "../http/cursor.ts";
import { pageOf } from "../http/pages.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, pageQuery, requireId } from "./base.ts";

const MAX_NAMES = 100;
const names = z.array(name()).min(1).max(MAX_NAMES).nullish();

export const listKeys = route({
  method: "GET",
  path: `${BASE}/keys`,
  operation: "listKeys",
  tag: "keys",
  summary: "List API keys",
  access: "admin",
  answers: { 200: { description: "Never the keys themselves.", schema: listOf(keyAnswer) } },
  async handle({ api, sender }) {
    requireUnrestricted(sender);
    return listAnswer(await api.operations.keys(), null);
  },
});

export const createKey = route({
  method: "POST",
  path: `${BASE}/keys`,
  operation: "createKey",
  tag: "keys",
  summary: "Make an API key",
  access: "admin",
  body: z.strictObject({
    name: sentence(100),
    role: word(ROLES),
    accounts: names.describe("Left out, all."),
    strategies: names,
    symbols: z.array(symbol).min(1).max(MAX_NAMES).nullish(),
    max_notional: exact().nullish().describe("Most that one signal may be worth."),
    require_idempotency: flag.nullish(),
    expires_at: instant.nullish(),
  }),
  example: { name: "breakout bot", role: "trader", strategies: ["breakout"] },
  answers: { 201: { description: "Shown this once.", schema: newKeyAnswer } },
  async handle({ api, sender, body }) {
    requireUnrestricted(sender);
    const { expires_at: expires } = body;
    if (expires != null && expires <= api.clock.now()) {
      throw new Problem("invalid_request", "expires_at is in the past.", {
        fields: [{ field: "expires_at", message: "is in the past" }],
      });
    }
    const made = makeKey();
    const id = api.ids.next();
    await api.operations.createKey({
      id,
      name: body.name,
      hash: made.hash,
      prefix: made.prefix,
      role: body.role,
      accounts: body.accounts ?? null,
      strategies: body.strategies ?? null,
      symbols: body.symbols ?? null,
      max_notional: body.max_notional?.toString() ?? null,
      require_idempotency: body.require_idempotency ?? false,
      expires_at: expires == null ? null : new Date(expires),
      created_by: sender.actor,
    });
    return answer(201, { id, prefix: made.prefix, key: made.key });
  },
});

export const revokeKey = route({
  method: "DELETE",
  path: `${BASE}/keys/:id`,
  operation: "revokeKey",
  tag: "keys",
  summary: "Revoke an API key",
  description: "It stops working within seconds. One that is revoked already stays revoked.",
  access: "admin",
  params: idParams,
  answers: { 204: { description: "Revoked.", schema: null } },
  async handle({ api, sender, params }) {
    requireUnrestricted(sender);
    const id = requireId(params.id, "key");
    if (await api.operations.revokeKey(id, sender.actor)) return emptyAnswer(204);
    throw notFound("key", id);
  },
});

export const listAudit = route({
  method: "GET",
  path: `${BASE}/audit`,
  operation: "listAudit",
  tag: "keys",
  summary: "Who changed keys, webhooks and the like",
  description: "Limits have `/limits/history`; orders have their own history.",
  access: "admin",
  query: z.strictObject(pageQuery),
  answers: { 200: { description: "The newest first.", schema: listOf(auditAnswer) } },
  handle({ api, sender, query }) {
    requireUnrestricted(sender);
    return pageOf(query, {
      rows: ({ limit, after }) =>
        api.operations.auditEntries({ limit, before: after === null ? null : Number(after) }),
      accepts: isRowNumber,
      positionOf: (row) => String(row.id),
      view: (rows) => rows,
    });
  },
});
