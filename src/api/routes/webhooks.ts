// Outgoing webhooks: made, listed, tested, replayed, switched, removed.
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { parseCursor } from "../../app/feed-cursor.ts";
import { flag, sentence, word } from "../../app/fields.ts";
import { NOTICE_KINDS } from "../../app/notices/notice.ts";
import { render, TEMPLATES } from "../../app/notices/template.ts";
import { invalid } from "../../app/problem.ts";
import { requireUnrestricted } from "../../app/sender.ts";
import type { WebhookRow } from "../../ports/webhooks.ts";
import {
  deliveryAnswer,
  newWebhookAnswer,
  webhookAnswer,
  webhookTestAnswer,
} from "../answers/webhook.ts";
import { listOf } from "../answers/words.ts";
import type { Api } from "../context.ts";
import { answer, emptyAnswer, listAnswer } from "../http/answer.ts";
import { feedOf } from "../notices/runner.ts";
import { send, urlProblem } from "../notices/send.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, requireId } from "./base.ts";

export const listWebhooks = route({
  method: "GET",
  path: `${BASE}/webhooks`,
  operation: "listWebhooks",
  tag: "webhooks",
  summary: "List webhooks",
  access: "admin",
  answers: { 200: { description: "Without their secrets.", schema: listOf(webhookAnswer) } },
  async handle({ api, sender }) {
    requireUnrestricted(sender);
    return listAnswer(await api.webhooks.webhooks(), null);
  },
});

export const createWebhook = route({
  method: "POST",
  path: `${BASE}/webhooks`,
  operation: "createWebhook",
  tag: "webhooks",
  summary: "Make a webhook",
  description: "It hears of what happens from now on, each notice signed with the secret.",
  access: "admin",
  body: z.strictObject({
    name: sentence(100),
    url: z.string().max(2_000),
    events: z
      .array(word([...NOTICE_KINDS, "all"]))
      .max(NOTICE_KINDS.length + 1)
      .nullish()
      .describe("Kinds of notices; left out, what needs a person."),
    template: word(TEMPLATES).nullish(),
  }),
  example: { name: "desk", url: "https://example.com/hook", events: ["rejected", "filled"] },
  answers: {
    201: {
      description: "The secret is shown this once.",
      schema: newWebhookAnswer,
    },
  },
  async handle({ api, sender, body }) {
    requireUnrestricted(sender);
    const problem = urlProblem(body.url, api.sendOptions.allowPrivate);
    if (problem !== null) throw invalid("url", problem);
    const id = api.ids.next();
    const secret = `whsec_${randomBytes(32).toString("base64url")}`;
    await api.webhooks.createWebhook({
      id,
      name: body.name,
      url: body.url,
      events: body.events ?? [],
      template: body.template ?? "json",
      secret,
      created_by: sender.actor,
    });
    // From here on: what happened before is not told, unless it is asked for by a replay.
    await api.feed.saveCursor(feedOf(id), await api.feed.head());
    return answer(201, { id, secret });
  },
});

export const patchWebhook = route({
  method: "PATCH",
  path: `${BASE}/webhooks/:id`,
  operation: "switchWebhook",
  tag: "webhooks",
  summary: "Switch a webhook on or off",
  access: "admin",
  params: idParams,
  body: z.strictObject({ enabled: flag }),
  answers: { 204: { description: "Switched.", schema: null } },
  async handle({ api, sender, params, body }) {
    requireUnrestricted(sender);
    const id = requireId(params.id, "webhook");
    const reason = body.enabled ? null : `switched off by ${sender.actor}`;
    if (!(await api.webhooks.switchWebhook(id, body.enabled, reason)))
      throw notFound("webhook", id);
    const { actor } = sender;
    const action = body.enabled ? "webhook_switched_on" : "webhook_switched_off";
    await api.operations.record({ actor, action, subject: id, detail: null });
    return emptyAnswer(204);
  },
});

export const deleteWebhook = route({
  method: "DELETE",
  path: `${BASE}/webhooks/:id`,
  operation: "deleteWebhook",
  tag: "webhooks",
  summary: "Remove a webhook",
  access: "admin",
  params: idParams,
  answers: { 204: { description: "Removed.", schema: null } },
  async handle({ api, sender, params }) {
    requireUnrestricted(sender);
    const id = requireId(params.id, "webhook");
    if (!(await api.webhooks.deleteWebhook(id, sender.actor))) throw notFound("webhook", id);
    return emptyAnswer(204);
  },
});

export const listDeliveries = route({
  method: "GET",
  path: `${BASE}/webhooks/:id/deliveries`,
  operation: "listDeliveries",
  tag: "webhooks",
  summary: "How the telling went",
  access: "admin",
  params: idParams,
  answers: { 200: { description: "The last hundred.", schema: listOf(deliveryAnswer) } },
  async handle({ api, sender, params }) {
    requireUnrestricted(sender);
    const row = await webhookOf(api, params.id);
    return listAnswer(await api.webhooks.deliveries(row.id, 100), null);
  },
});

export const testWebhook = route({
  method: "POST",
  path: `${BASE}/webhooks/:id/test`,
  operation: "testWebhook",
  tag: "webhooks",
  summary: "Send a test notice now",
  access: "admin",
  params: idParams,
  answers: {
    200: {
      description: "What the other end answered.",
      schema: webhookTestAnswer,
    },
  },
  async handle({ api, sender, params, requestId }) {
    requireUnrestricted(sender);
    const row = await webhookOf(api, params.id);
    const secrets = await api.webhooks.webhookSecrets();
    const at = api.clock.now();
    const notice = {
      kind: "test" as const,
      account: "none",
      at: new Date(at).toISOString(),
      text: "A test: Fillstream can reach you.",
      event: null,
    };
    const template = TEMPLATES.find((each) => each === row.template) ?? "json";
    const sent = await send(
      {
        url: row.url,
        secret: secrets.get(row.id) ?? "",
        body: render(template, notice),
        kind: "test",
        deliveryId: `${row.id}.test.${requestId}`,
        at,
      },
      api.sendOptions,
    );
    return answer(200, sent);
  },
});

export const replayWebhook = route({
  method: "POST",
  path: `${BASE}/webhooks/:id/replay`,
  operation: "replayWebhook",
  tag: "webhooks",
  summary: "Tell again from a place in the log",
  access: "admin",
  params: idParams,
  body: z.strictObject({
    after: z.string().max(24_000).describe("A cursor of `/events`; empty is the very start."),
  }),
  answers: { 204: { description: "It goes on from there.", schema: null } },
  async handle({ api, sender, params, body }) {
    requireUnrestricted(sender);
    const row = await webhookOf(api, params.id);
    const cursor = parseCursor(body.after);
    if (cursor === null) throw invalid("after", "is no cursor of /events");
    const head = await api.feed.head();
    // Partitions that it does not name start over: a place of zero is before the first event.
    const place = new Map([...head.keys()].map((each) => [each, cursor.get(each) ?? 0]));
    await api.feed.saveCursor(feedOf(row.id), place);
    await api.webhooks.switchWebhook(row.id, true, null);
    return emptyAnswer(204);
  },
});

async function webhookOf(api: Api, asked: string): Promise<WebhookRow> {
  const id = requireId(asked, "webhook");
  const row = (await api.webhooks.webhooks()).find((each) => each.id === id);
  if (row === undefined) throw notFound("webhook", id);
  return row;
}
