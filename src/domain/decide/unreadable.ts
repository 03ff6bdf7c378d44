// A request that cannot be read is refused, and the record keeps it as a dead letter.
import type { Book, Context, Decision, Input } from "../book.ts";
import { isCommandDecided, isSignalDecided } from "./decided.ts";
import { NOTHING } from "./draft.ts";
import { refuseRequest } from "./refuse-request.ts";

type UnreadableInput = Extract<Input, { kind: "unreadable_signal" | "unreadable_command" }>;

export function decideUnreadable(book: Book, input: UnreadableInput, context: Context): Decision {
  const { number, unreadable } = input.row;
  const isDecided = input.kind === "unreadable_signal" ? isSignalDecided : isCommandDecided;
  if (isDecided(book, number)) return NOTHING;
  const message = `This request cannot be read (${unreadable}); it was set aside for a person to look at.`;
  const why = { code: "poison", message } as const;
  return input.kind === "unreadable_signal"
    ? refuseRequest(context, { kind: "signal", signal: input.row }, why)
    : refuseRequest(context, { kind: "command", command: input.row }, why);
}
