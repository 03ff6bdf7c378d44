// A request for an account that this partition does not hold is answered all the same: nothing that
// was acknowledged stays without an outcome.
import type { Context, Decision } from "../book.ts";
import type { Command } from "../command.ts";
import type { DomainEvent } from "../event.ts";
import type { AccountId } from "../ids.ts";
import type { EngineCode } from "../refusal.ts";
import type { Signal } from "../signal.ts";
import { NOTHING } from "./draft.ts";

export type Request =
  | { readonly kind: "signal"; readonly signal: Signal }
  | { readonly kind: "command"; readonly command: Command };

export function decideUnknownAccount(context: Context, request: Request): Decision {
  const accountId =
    request.kind === "signal" ? request.signal.accountId : request.command.accountId;
  const message = `The account ${accountId} is not known here.`;
  return refuseRequest(context, request, { code: "account_unavailable", message });
}

/** The request's own outcome, by the engine, without looking at any book. */
function refuseRequest(
  context: Context,
  request: Request,
  why: { readonly code: EngineCode; readonly message: string },
): Decision {
  if (request.kind === "signal") {
    const { signal } = request;
    return decided(context, signal, {
      type: "SignalDecided",
      signalId: signal.id,
      number: signal.number,
      instrumentId: signal.instrumentId,
      strategyId: signal.strategyId,
      outcome: "rejected",
      refusal: { ...why, by: "engine", numbers: {} },
      verdicts: [],
      mark: null,
      limitsVersion: context.limits.version,
      orderIds: [],
    });
  }
  const { command } = request;
  return decided(context, command, {
    type: "CommandDecided",
    commandId: command.id,
    number: command.number,
    outcome: { result: "refused", ...why, orderIds: [] },
  });
}

function decided(
  context: Context,
  by: { readonly id: string; readonly accountId: AccountId; readonly actor: string },
  event: DomainEvent,
): Decision {
  const { id, accountId, actor } = by;
  return {
    ...NOTHING,
    events: [{ accountId, at: context.now, actor, correlationId: id, causationId: id, event }],
  };
}
