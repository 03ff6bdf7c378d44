// What the broker said of an account's money judges entries only while it is fresh: every look renews it, twice
// a minute or so, and when none has come through for so long nobody knows what the account can pay.
import type { AccountEquity } from "../book.ts";
import { isAhead } from "../elapsed.ts";

const GOOD_FOR_MS = 10 * 60_000;

export function isFresh({ at }: AccountEquity, now: number): boolean {
  return !isAhead(at, now) && now - at <= GOOD_FOR_MS;
}
