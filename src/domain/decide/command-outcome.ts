// How a command ends: done or refused, with a stable code and a sentence.
import type { CommandOutcome, CommandRequest } from "../command.ts";
import type { Verdict } from "../refusal.ts";

/** The outcome, and where the risk chain refused what it said: kept beside it in the log. */
export interface CarriedOut extends CommandOutcome {
  readonly verdicts?: readonly Verdict[];
}

export type RequestOf<Kind extends CommandRequest["kind"]> = Extract<
  CommandRequest,
  { kind: Kind }
>;

export function done(
  code: string,
  message: string,
  orderIds: CommandOutcome["orderIds"] = [],
): CommandOutcome {
  return { result: "done", code, message, orderIds };
}

export function refused(
  code: string,
  message: string,
  orderIds: CommandOutcome["orderIds"] = [],
): CommandOutcome {
  return { result: "refused", code, message, orderIds };
}
