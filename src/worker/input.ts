// Which account an input belongs to.
import type { Input } from "../domain/book.ts";
import type { AccountId } from "../domain/ids.ts";

export function accountOf(input: Input): AccountId {
  switch (input.kind) {
    case "signal":
      return input.signal.accountId;
    case "command":
      return input.command.accountId;
    case "report":
      return input.report.accountId;
    case "outcome":
    case "view":
    case "tick":
      return input.accountId;
  }
}
