// When an account is looked at. Each has a turn of its own within the pause, by its name: looks of many
// accounts at once would hold up everything else for as long as it takes to read them all.
import type { AccountId } from "../domain/ids.ts";
import { fnv1a } from "../domain/partition.ts";

/** Until the account's next turn, which is never more than a pause away. */
export function untilTurn(accountId: AccountId, everyMs: number, now: number): number {
  const turn = fnv1a(accountId) % everyMs;
  return everyMs - ((now - turn + everyMs) % everyMs);
}
