// The heart of the core: one input on one book becomes events and effects. Pure: it reads the book, the
// input and the context, and changes nothing; the shell commits the events, applies them, and then does
// what the effects say.
import type { Book, Context, Decision, Input } from "./book.ts";
import { decideCommand } from "./decide/command.ts";
import { decideOutcome } from "./decide/outcome.ts";
import { decideReport } from "./decide/report.ts";
import { decideSignal } from "./decide/signal.ts";
import { decideTick } from "./decide/tick.ts";
import { decideUnreadable } from "./decide/unreadable.ts";
import { decideView } from "./decide/view.ts";

export function decide(book: Book, input: Input, context: Context): Decision {
  switch (input.kind) {
    case "signal": {
      const { signal } = input;
      return "unreadable" in signal
        ? decideUnreadable(book, { kind: "signal", signal }, context)
        : decideSignal(book, signal, context);
    }
    case "command": {
      const { command } = input;
      return "unreadable" in command
        ? decideUnreadable(book, { kind: "command", command }, context)
        : decideCommand(book, command, context);
    }
    case "report":
      return decideReport(book, input.report, context);
    case "outcome":
      return decideOutcome(book, input, context);
    case "view":
      return decideView(book, input, context);
    case "tick":
      return decideTick(book, input.accountId, context);
  }
}

export { isCommandDecided, isSignalDecided } from "./decide/decided.ts";
export { nextDeadline } from "./decide/deadline.ts";
export { namesNeeded } from "./decide/names.ts";
export { refusalOf } from "./decide/refuse-request.ts";
export { recoveryEffects } from "./decide/recovery.ts";
