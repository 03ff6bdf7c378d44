// Sends a signal and waits: first for its decision, then for the end of its orders.
import { setTimeout as sleep } from "node:timers/promises";
import type { FillstreamClient } from "../../client/client.ts";
import type { Ledger, NewSignal } from "../../client/types.ts";
import { DONE, NO_OUTCOME, REFUSED } from "./desk.ts";
import { painted, print, printJson } from "./print.ts";

const LOOK_EVERY_MS = 100;
const ENDED: ReadonlySet<string> = new Set(["filled", "cancelled", "rejected", "expired"]);

export async function sendSignal(
  client: FillstreamClient,
  signal: NewSignal,
  { wait, json }: { readonly wait: number; readonly json: boolean },
): Promise<number> {
  const end = performance.now() + wait * 1_000;
  const receipt = await client.send(signal);
  if (!json) print(painted(`received ${receipt.id}`, "dim"));
  let ledger = await client.ledger(receipt.id);
  while (!isOver(ledger) && performance.now() < end) {
    await sleep(LOOK_EVERY_MS);
    ledger = await client.ledger(receipt.id);
  }
  if (json) printJson(ledger);
  else print(painted(ledger.summary, colourOf(ledger)));
  return exitCodeOf(ledger);
}

/** A resting order is an outcome too: it may work for days. */
function isOver({ outcome, orders }: Ledger): boolean {
  if (outcome === null) return false;
  return orders.every(
    ({ status, type }) => ENDED.has(status) || (status === "accepted" && type !== "market"),
  );
}

function isRefused({ outcome, orders }: Ledger): boolean {
  return outcome === "rejected" || orders.some(({ status }) => status === "rejected");
}

function colourOf(ledger: Ledger): "red" | "green" | "yellow" {
  if (isRefused(ledger)) return "red";
  return isOver(ledger) ? "green" : "yellow";
}

function exitCodeOf(ledger: Ledger): number {
  if (isRefused(ledger)) return REFUSED;
  return isOver(ledger) ? DONE : NO_OUTCOME;
}
