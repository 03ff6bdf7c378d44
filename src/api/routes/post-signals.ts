// POST /signals: up to a thousand at once, each with its own outcome, all that are right in one commit.
import { z } from "zod";
import { acceptSignals, type SignalToAccept } from "../../app/accept.ts";
import { parseRequest } from "../../app/parse.ts";
import { Problem, type FieldProblem } from "../../app/problem.ts";
import { readSignalRequest, signalRequest } from "../../app/signal-request.ts";
import { batchAnswer } from "../answers/signal.ts";
import type { Api } from "../context.ts";
import { answer } from "../http/answer.ts";
import { MAX_BATCH_BYTES } from "../http/body.ts";
import { idempotencyKeyOf, type Asked } from "../http/preferences.ts";
import { problemDocument } from "../http/problem-json.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { compose, receiptView, toAccept } from "./receive-signal.ts";

export const MAX_BATCH = 1_000;

const bounds = { error: `must hold 1 to ${MAX_BATCH} signals` };
const upTo = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ signals: z.array(item).min(1, bounds).max(MAX_BATCH, bounds) });
/** The signals themselves are read one by one: a mistake in one does not refuse the others. */
const envelope = upTo(z.unknown());

export const postSignals = route({
  method: "POST",
  path: `${BASE}/signals`,
  operation: "sendSignals",
  tag: "signals",
  summary: "Send many signals at once",
  description:
    "Each has its own outcome, in the order given. An `Idempotency-Key` counts for each of them by its place.",
  access: "trader",
  body: upTo(signalRequest),
  example: {
    signals: [
      { symbol: "AAPL", side: "buy", qty: 1 },
      { symbol: "MSFT", side: "buy", qty: 1 },
    ],
  },
  readBody: (given) => parseRequest(envelope, given, ["signals"]),
  maxBodyBytes: MAX_BATCH_BYTES,
  answers: {
    202: { description: "All were received and are durable.", schema: batchAnswer },
    207: { description: "Some were refused, each with its reason.", schema: batchAnswer },
  },
  async handle(call) {
    const { api, body, requestId } = call;
    const prepared = await prepareAll(api, call, body.signals);
    const good = prepared.filter((each): each is SignalToAccept => !(each instanceof Problem));
    const receipts = await acceptSignals(api.accepting, good);
    let taken = 0;
    const data = prepared.map((each) => {
      if (each instanceof Problem) return { problem: problemDocument(each, requestId) };
      const receipt = receipts[taken];
      taken += 1;
      if (receipt === undefined) throw new Error("an acceptance without an answer");
      if (receipt instanceof Problem) return { problem: problemDocument(receipt, requestId) };
      return receiptView(receipt, each.composed);
    });
    const refused = data.filter((each) => "problem" in each).length;
    const accepted = data.length - refused;
    return answer(refused === 0 ? 202 : 207, { data, accepted, refused });
  },
});

type Prepared = SignalToAccept | Problem;

async function prepareAll(
  api: Api,
  asked: Asked,
  signals: readonly unknown[],
): Promise<readonly Prepared[]> {
  const headerKey = idempotencyKeyOf(asked.request);
  const prepared: Prepared[] = [];
  for (const [index, given] of signals.entries()) {
    try {
      const request = readSignalRequest(given);
      const composed = await compose(api, asked.sender, request);
      const names = {
        clientId: request.client_signal_id ?? null,
        headerKey: headerKey === null ? null : `${headerKey}#${index}`,
      };
      prepared.push(toAccept(asked, composed, names));
    } catch (error: unknown) {
      if (!(error instanceof Problem)) throw error;
      prepared.push(placed(error, index));
    }
  }
  return prepared;
}

function placed(problem: Problem, index: number): Problem {
  const fields: FieldProblem[] = problem.fields.map(({ field, message }) => ({
    field: `signals[${index}].${field}`,
    message,
  }));
  return new Problem(problem.code, problem.message, { fields });
}
