// POST /signal: the way in. Durable when it answers; what becomes of it has an address of its own.
import { readSignalRequest, signalRequest } from "../../app/signal-request.ts";
import { signalView } from "../../app/views.ts";
import { waitUntil } from "../../app/wait.ts";
import { receiptAnswer, signalAnswer } from "../answers/signal.ts";
import type { Api } from "../context.ts";
import { answer, replayHeaders } from "../http/answer.ts";
import { waitOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { acceptSignal, receiptView, signalUrl } from "./receive-signal.ts";

export const postSignal = route({
  method: "POST",
  path: `${BASE}/signal`,
  operation: "sendSignal",
  tag: "signals",
  summary: "Send a signal",
  description:
    "Answers once the signal is durable. `Prefer: wait=2` waits up to two seconds for the decision.",
  access: "trader",
  body: signalRequest,
  example: { symbol: "AAPL", side: "buy", qty: 10, reason: "Technical breakout" },
  readBody: readSignalRequest,
  answers: {
    202: { description: "Received and durable.", schema: receiptAnswer },
    200: { description: "Decided while `Prefer: wait` waited.", schema: signalAnswer },
  },
  async handle(call) {
    const { api, body, request } = call;
    const { receipt, composed } = await acceptSignal(api, call, body);
    const headers = { location: signalUrl(receipt.id), ...replayHeaders(receipt.replayed) };
    const waitMs = waitOf(request);
    const decided = waitMs === null ? null : await decisionOf(api, receipt.id, waitMs);
    if (decided === null) return answer(202, receiptView(receipt, composed), headers);
    return answer(200, decided, { ...headers, "preference-applied": "wait" });
  },
});

async function decisionOf(api: Api, id: string, waitMs: number) {
  const row = await waitUntil(
    api.clock,
    waitMs,
    () => api.queries.signal(id),
    (found) => found !== null && found.outcome !== null,
  );
  if (row === null || row.outcome === null) return null;
  return signalView(row, await api.queries.ordersByIds(row.order_ids), api.clock.now());
}
