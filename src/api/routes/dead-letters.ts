// GET /dead-letters: what could not be accepted or decided, and a second try for it.
import { z } from "zod";
import { acceptOne, envelopeOf as rowAround } from "../../app/accept.ts";
import { isUuid } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { requireOwn } from "../../app/sender.ts";
import { readSignalRequest } from "../../app/signal-request.ts";
import { decodeSignal, encodeSignal } from "../../domain/codec/signal.ts";
import { MalformedJson } from "../../domain/codec/json.ts";
import { asId, type SignalId } from "../../domain/ids.ts";
import type { Signal } from "../../domain/signal.ts";
import type { DeadLetterRow } from "../../ports/operations.ts";
import { deadLetterAnswer } from "../answers/operations.ts";
import { listOf } from "../answers/words.ts";
import type { Api } from "../context.ts";
import { answer } from "../http/answer.ts";
import { parseJson } from "../http/body.ts";
import { pageOf } from "../http/pages.ts";
import type { Asked } from "../http/preferences.ts";
import { route } from "../route.ts";
import { accountQuery, BASE, flagQuery, idParams, notFound, pageQuery, requireId } from "./base.ts";
import { compose, signalUrl, toAccept } from "./receive-signal.ts";
import { acceptSignals } from "../../app/accept.ts";
import { visibleAccounts, isVisible } from "./scope.ts";

export const listDeadLetters = route({
  method: "GET",
  path: `${BASE}/dead-letters`,
  operation: "listDeadLetters",
  tag: "signals",
  summary: "What could not be accepted or decided",
  access: "viewer",
  query: z.strictObject({
    ...pageQuery,
    ...accountQuery,
    include_requeued: flagQuery.optional(),
  }),
  answers: { 200: { description: "The newest first.", schema: listOf(deadLetterAnswer) } },
  handle({ api, sender, query }) {
    const filter = {
      accounts: visibleAccounts(api, sender, query.account ?? null),
      unnamed: sender.accounts === null && query.account === undefined,
      open: query.include_requeued !== true,
    };
    return pageOf(query, {
      rows: (page) => api.operations.deadLetters(filter, page),
      accepts: isUuid,
      positionOf: (row) => row.id,
      view: (rows) => rows,
    });
  },
});

const requeuedAnswer = z.strictObject({ id: z.string(), requeued_as: z.string(), url: z.string() });

export const requeueDeadLetter = route({
  method: "POST",
  path: `${BASE}/dead-letters/:id/requeue`,
  operation: "requeueDeadLetter",
  tag: "signals",
  summary: "Try a dead letter again, as a new signal",
  access: "admin",
  params: idParams,
  answers: { 202: { description: "Received as a new signal.", schema: requeuedAnswer } },
  async handle(call) {
    const { api, sender, params } = call;
    const id = requireId(params.id, "dead letter");
    const letter = await api.operations.deadLetter(id);
    if (letter === null || (letter.account !== null && !isVisible(api, sender, letter.account))) {
      throw notFound("dead letter", id);
    }
    if (letter.requeued_at !== null) {
      throw new Problem("already_decided", `It was requeued as ${letter.requeued_as}.`);
    }
    // The letter's own id is the key: two people who press the button make one signal.
    const requeuedAs = await acceptAgain(api, call, letter);
    await api.operations.markRequeued(id, sender.actor, requeuedAs);
    return answer(202, { id, requeued_as: requeuedAs, url: signalUrl(requeuedAs) });
  },
});

async function acceptAgain(api: Api, asked: Asked, letter: DeadLetterRow): Promise<string> {
  const envelope = {
    sender: asked.sender,
    scope: "dead_letter",
    key: letter.id,
    traceParent: asked.traceParent,
  };
  const decided = signalIn(letter.body);
  if (decided !== null) {
    const { strategyId: strategy, instrumentId } = decided;
    requireOwn(asked.sender, {
      strategy,
      symbol: instrumentId.slice(instrumentId.indexOf(":") + 1),
    });
    const id = api.ids.next();
    const receivedAt = api.clock.now();
    const { actor } = asked.sender;
    const body = encodeSignal({ ...decided, id: asId<SignalId>(id), receivedAt, actor });
    const { accountId } = decided;
    const row = {
      lane: "signals" as const,
      id,
      accountId,
      fingerprint: letter.id,
      body,
      receivedAt,
    };
    return (await acceptOne(api.accepting, rowAround(api.accepting, envelope, row), "ordinary")).id;
  }
  const composed = await compose(api, asked.sender, readSignalRequest(parseJson(letter.body)));
  const item = toAccept(asked, composed, { clientId: null, headerKey: letter.id });
  const [receipt] = await acceptSignals(api.accepting, [{ ...item, envelope }]);
  if (receipt === undefined || receipt instanceof Problem) {
    throw receipt ?? new Error("an acceptance without an answer");
  }
  return receipt.id;
}

/** A signal of our own that could not be decided; null for what never was one. */
function signalIn(body: string): Omit<Signal, "number"> | null {
  try {
    const { number: _, ...signal } = decodeSignal(body, 0);
    return signal;
  } catch (error: unknown) {
    if (error instanceof MalformedJson) return null;
    throw error;
  }
}
