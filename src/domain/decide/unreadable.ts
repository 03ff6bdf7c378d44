// A request that cannot be read is refused, and the record keeps it as a dead letter.
import type { Book, Context, Decision } from "../book.ts";
import type { UnreadableCommand, UnreadableSignal } from "../unreadable.ts";
import { isCommandDecided, isSignalDecided } from "./decided.ts";
import { NOTHING } from "./draft.ts";
import { refuseRequest } from "./refuse-request.ts";

type UnreadableRequest =
  | { readonly kind: "signal"; readonly signal: UnreadableSignal }
  | { readonly kind: "command"; readonly command: UnreadableCommand };

export function decideUnreadable(
  book: Book,
  request: UnreadableRequest,
  context: Context,
): Decision {
  const isSignal = request.kind === "signal";
  const { number, unreadable } = isSignal ? request.signal : request.command;
  if ((isSignal ? isSignalDecided : isCommandDecided)(book, number)) return NOTHING;
  const message = `This request cannot be read (${unreadable}); it was set aside for a person to look at.`;
  return refuseRequest(context, request, { code: "poison", message });
}
