// DELETE /signals/:id: takes back what is not decided yet.
import { sendCommand } from "../../app/send-command.ts";
import { Problem } from "../../app/problem.ts";
import { requireOwn } from "../../app/sender.ts";
import {
  asId,
  type AccountId,
  type InstrumentId,
  type SignalId,
  type StrategyId,
} from "../../domain/ids.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE, idParams, notFound, requireId } from "./base.ts";
import { commandAnswers, commandReply } from "./command-reply.ts";
import { isVisible } from "./scope.ts";

export const deleteSignal = route({
  method: "DELETE",
  path: `${BASE}/signals/:id`,
  operation: "takeBackSignal",
  tag: "signals",
  summary: "Take back a signal that is not decided yet",
  access: "trader",
  params: idParams,
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params } = call;
    const id = requireId(params.id, "signal");
    const row = await api.queries.signal(id);
    if (row === null || !isVisible(api, sender, row.account)) throw notFound("signal", id);
    requireOwn(sender, row);
    const envelope = envelopeOf(call, "take_back_signal");
    // With a key the first answer may have been lost: then the command's own outcome tells.
    if (row.outcome !== null && envelope.key === null) {
      throw new Problem(
        "already_decided",
        `The signal is decided (${row.outcome}): cancel its orders instead.`,
      );
    }
    const receipt = await sendCommand(api.accepting, envelope, asId<AccountId>(row.account), {
      kind: "take_back_signal",
      signalId: asId<SignalId>(id),
      number: row.number,
      instrumentId: asId<InstrumentId>(row.instrument_id),
      strategyId: row.strategy === null ? null : asId<StrategyId>(row.strategy),
    });
    return commandReply(call, receipt);
  },
});
