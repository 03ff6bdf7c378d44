// GET /dead-letters: what could not be accepted or decided, and a second try for it.
import { z } from "zod";
import {
  acceptOne,
  acceptSignals,
  envelopeOf as rowAround,
  type Envelope,
} from "../../app/accept.ts";
import { requireCapOn } from "../../app/compose-signal.ts";
import { isUuid } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { requireAccount, requireOwn } from "../../app/sender.ts";
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
import { compose, measureOn, signalUrl } from "./receive-signal.ts";
import { visibleAccounts, isVisible } from "./scope.ts";

/** Letters with a signal that was accepted already, as the worker reads it; all others came from outside. */
const OWN_SIGNALS = "signals";

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
    const requeuedAs = await acceptAgain(api, call, letter);
    await api.operations.markRequeued(id, sender.actor, requeuedAs);
    return answer(202, { id, requeued_as: requeuedAs, url: signalUrl(requeuedAs) });
  },
});

/** The letter's own id is the key, whoever sends it: two people who press the button make one signal. */
function envelopeFor({ sender, traceParent }: Asked, { id }: DeadLetterRow): Envelope {
  return { sender, scope: "dead_letter", key: id, isForAll: true, traceParent };
}

async function acceptAgain(api: Api, asked: Asked, letter: DeadLetterRow): Promise<string> {
  const envelope = envelopeFor(asked, letter);
  if (letter.source === OWN_SIGNALS) return decideAgain(api, envelope, signalIn(letter.body));
  const composed = await compose(api, asked.sender, readSignalRequest(parseJson(letter.body)));
  const [receipt] = await acceptSignals(api.accepting, [{ composed, envelope }]);
  if (receipt === undefined || receipt instanceof Problem) {
    throw receipt ?? new Error("an acceptance without an answer");
  }
  return receipt.id;
}

function signalIn(body: string): Signal {
  try {
    return decodeSignal(body, 0);
  } catch (error: unknown) {
    if (!(error instanceof MalformedJson)) throw error;
    throw new Problem(
      "invalid_request",
      `Nobody can read the signal in this letter: ${error.message}.`,
    );
  }
}

/** A signal of ours that could not be decided: whoever sends it again answers for it as for a new one. */
async function decideAgain(api: Api, envelope: Envelope, signal: Signal): Promise<string> {
  const { sender } = envelope;
  const { accountId, instrumentId, strategyId: strategy } = signal;
  requireAccount(sender, accountId);
  requireOwn(sender, { strategy, symbol: instrumentId.slice(instrumentId.indexOf(":") + 1) });
  if (sender.maxNotional !== null) {
    const holding = { accountId, instrumentId, strategyId: strategy };
    const measure = await measureOn(api, holding, signal.wish.kind === "position");
    requireCapOn(signal.wish, sender, measure);
  }
  const id = api.ids.next();
  const receivedAt = api.clock.now();
  const { number: _, ...asked } = signal;
  const body = encodeSignal({ ...asked, id: asId<SignalId>(id), receivedAt, actor: sender.actor });
  const row = rowAround(api.accepting, envelope, {
    ...{ lane: "signals", id, accountId, fingerprint: envelope.key ?? "", body, receivedAt },
  });
  return (await acceptOne(api.accepting, row, "ordinary")).id;
}
