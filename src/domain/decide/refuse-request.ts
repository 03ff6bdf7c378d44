// The outcome of a request that is answered without looking at any book.
import type { Context, Decision } from "../book.ts";
import type { Command } from "../command.ts";
import type { DomainEvent } from "../event.ts";
import type { EngineCode } from "../refusal.ts";
import type { Signal } from "../signal.ts";
import { NOTHING } from "./draft.ts";

type SignalHead = Pick<Signal, "id" | "number" | "accountId" | "instrumentId" | "strategyId">;
type CommandHead = Pick<Command, "id" | "number" | "accountId">;

type Heads =
  | { readonly kind: "signal"; readonly signal: SignalHead }
  | { readonly kind: "command"; readonly command: CommandHead };

export type Request =
  | { readonly kind: "signal"; readonly signal: SignalHead & { readonly actor: string } }
  | { readonly kind: "command"; readonly command: CommandHead & { readonly actor: string } };

export interface Why {
  readonly code: EngineCode;
  readonly message: string;
}

export function refuseRequest(context: Context, request: Request, why: Why): Decision {
  const { id, accountId, actor } = request.kind === "signal" ? request.signal : request.command;
  const event = refusalOf(request, why, context.limits.version);
  return {
    ...NOTHING,
    events: [{ accountId, at: context.now, actor, correlationId: id, causationId: id, event }],
  };
}

export function refusalOf(request: Heads, why: Why, limitsVersion: number): DomainEvent {
  if (request.kind === "command") {
    const { id, number } = request.command;
    const outcome = { result: "refused" as const, ...why, orderIds: [] };
    return { type: "CommandDecided", commandId: id, number, outcome };
  }
  const { id, number, instrumentId, strategyId } = request.signal;
  return {
    type: "SignalDecided",
    signalId: id,
    ...{ number, instrumentId, strategyId, limitsVersion },
    outcome: "rejected",
    refusal: { ...why, by: "engine", numbers: {} },
    verdicts: [],
    mark: null,
    orderIds: [],
  };
}
