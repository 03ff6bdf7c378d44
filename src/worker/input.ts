// What an input is made of, and which account it belongs to.
import type { Input } from "../domain/book.ts";
import type { Command } from "../domain/command.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Signal } from "../domain/signal.ts";
import type { UnreadableCommand, UnreadableSignal } from "../domain/unreadable.ts";

export function accountOf(input: Input): AccountId {
  switch (input.kind) {
    case "signal":
      return input.signal.accountId;
    case "command":
      return input.command.accountId;
    case "unreadable_signal":
    case "unreadable_command":
      return input.row.accountId;
    case "report":
      return input.report.accountId;
    case "outcome":
    case "view":
    case "tick":
      return input.accountId;
  }
}

export function signalInput(signal: Signal | UnreadableSignal): Input {
  return "unreadable" in signal
    ? { kind: "unreadable_signal", row: signal }
    : { kind: "signal", signal };
}

export function commandInput(command: Command | UnreadableCommand): Input {
  return "unreadable" in command
    ? { kind: "unreadable_command", row: command }
    : { kind: "command", command };
}
