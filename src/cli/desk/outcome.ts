// What became of a command: waited for, told in a sentence, turned into an exit code.
import type { Command, CommandReceipt } from "../../client/types.ts";
import { DONE, NO_OUTCOME, REFUSED } from "./desk.ts";
import { painted, print, printJson } from "./print.ts";

export function tellCommand(answer: Command | CommandReceipt, asJson: boolean): number {
  if (asJson) printJson(answer);
  if (!("result" in answer)) {
    if (!asJson) print(`Received; the outcome will be at ${answer.url}`);
    return NO_OUTCOME;
  }
  const isDone = answer.result === "done";
  if (!asJson) print(painted(answer.message ?? answer.code ?? "", isDone ? "green" : "red"));
  return isDone ? DONE : REFUSED;
}

export function tellReceipts(receipts: readonly CommandReceipt[], asJson: boolean): number {
  if (asJson) printJson(receipts);
  else
    for (const { account, url } of receipts)
      print(`${account}: received; the outcome is at ${url}`);
  return DONE;
}
