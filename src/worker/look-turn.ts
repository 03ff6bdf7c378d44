// When an account is looked at. Each has a turn of its own within the pause, by its name: looks of many
// accounts at once would hold up everything else for as long as it takes to read them all.
import { fnv1a } from "../domain/partition.ts";

/** Until the account's turn that is nearest to a whole pause from now. */
export function pauseUntilTurn(accountId: string, everyMs: number, now: number): number {
  const turn = fnv1a(accountId) % everyMs;
  const pause = (turn - (now % everyMs) + everyMs) % everyMs;
  return pause < everyMs / 2 ? pause + everyMs : pause;
}
