// What becomes of a command: each ends in an outcome that says in a sentence what was done. Commands
// overtake waiting signals, so what they find is the book as it is now.
import type { Book, Context, Decision } from "../book.ts";
import type { Command, CommandRequest } from "../command.ts";
import { closeOne, flatten } from "./close.ts";
import { done } from "./command-outcome.ts";
import type { CarriedOut } from "./command-outcome.ts";
import { isCommandDecided } from "./decided.ts";
import { Draft, NOTHING } from "./draft.ts";
import { adoptOrder, ignoreOrder } from "./inbox.ts";
import { acceptCash, adoptPosition, ignorePosition } from "./inbox-positions.ts";
import { cancelMatching, cancelOne, replaceOne, takeBack } from "./order-commands.ts";
import { adjustPosition, resetLossLimit, settleOrder, unfreezeSymbol } from "./person.ts";
import { reclaim } from "./reclaim.ts";
import { applyTradingState } from "./stop.ts";
import { decideUnknownAccount } from "./unknown-account.ts";

export function decideCommand(book: Book, command: Command, context: Context): Decision {
  if (isCommandDecided(book, command.number)) return NOTHING;
  const accountBook = book.accounts.get(command.accountId);
  if (accountBook === undefined) {
    return decideUnknownAccount(context, { kind: "command", command });
  }
  const draft = new Draft(book, accountBook, context, {
    actor: command.actor,
    correlationId: command.id,
    causationId: command.id,
    traceParent: command.traceParent,
  });
  const { id: commandId, number, request } = command;
  const { verdicts, ...outcome } = carryOut(draft, command, request);
  reclaim(draft);
  draft.record({
    type: "CommandDecided",
    commandId,
    number,
    outcome,
    ...(verdicts !== undefined && { verdicts }),
  });
  return draft.decision();
}

function carryOut(draft: Draft, command: Command, request: CommandRequest): CarriedOut {
  switch (request.kind) {
    case "cancel_order":
      return cancelOne(draft, request);
    case "cancel_orders":
      return cancelMatching(draft, request.filter);
    case "take_back_signal":
      return takeBack(draft, request);
    case "replace_order":
      return replaceOne(draft, request);
    case "close_position":
      return closeOne(draft, command, request);
    case "flatten":
      return flatten(draft, command);
    case "trading_state_changed":
      return applyTradingState(draft, command, request);
    case "reset_loss_limit":
      return resetLossLimit(draft, request);
    case "adopt_order":
      return adoptOrder(draft, command, request);
    case "ignore_order":
      return ignoreOrder(draft, request);
    case "adopt_position":
      return adoptPosition(draft, command, request);
    case "ignore_position":
      return ignorePosition(draft, command, request);
    case "accept_cash":
      return acceptCash(draft, request);
    case "adjust_position":
      return adjustPosition(draft, command, request);
    case "settle_order":
      return settleOrder(draft, request);
    case "unfreeze_symbol":
      return unfreezeSymbol(draft, request);
    case "reconcile":
      draft.reconcile();
      return done("reconciling", "The broker is being asked for orders, fills and positions.");
  }
}
