// POST /orders/preview: every verdict and the head-room, without sending anything.
import { preview } from "../../app/preview.ts";
import { publicWords } from "../../app/public-event.ts";
import { readSignalRequest, signalRequest } from "../../app/signal-request.ts";
import { previewAnswer } from "../answers/preview.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { compose } from "./receive-signal.ts";

export const previewOrder = route({
  method: "POST",
  path: `${BASE}/orders/preview`,
  operation: "previewOrder",
  tag: "orders",
  summary: "What would become of a signal",
  access: "viewer",
  body: signalRequest,
  example: { symbol: "AAPL", side: "buy", qty: 10 },
  readBody: readSignalRequest,
  answers: { 200: { description: "What the worker would decide now.", schema: previewAnswer } },
  async handle({ api, sender, body }) {
    const composed = await compose(api, sender, body);
    const { directory, engine, configuration, marks, clock, ids, settings } = api;
    const traits = api.traitsOf(composed.account);
    const { partitions } = settings;
    const deps = { directory, engine, configuration, marks, clock, ids, partitions, traits };
    const { decision, orders, seen } = await preview(deps, composed, sender.actor);
    const { refusal, mark } = decision;
    return answer(200, {
      account: composed.account.id,
      symbol: composed.instrument.symbol,
      outcome: decision.outcome,
      rejected_by: refusal?.by ?? null,
      reject_code: refusal?.code ?? null,
      error_message: refusal?.message ?? null,
      verdicts: decision.verdicts,
      mark: mark === null ? null : publicWords({ ...mark }),
      limits_version: decision.limitsVersion,
      orders: orders.map(({ role, reducesPosition, terms }) => {
        const { exits, ...rest } = terms;
        return publicWords({ role, reducesPosition, ...rest, ...exits });
      }),
      seen,
    });
  },
});
