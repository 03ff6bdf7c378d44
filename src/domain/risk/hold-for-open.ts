// Whether an order that meets a closed market waits for the open, and until when.
import { opensAt } from "./rules/session-open.ts";
import type { Subject } from "./subject.ts";

/** The instant of the next open, or null when the order does not wait or would not live to see it. */
export function holdForOpen(subject: Subject): number | null {
  const { candidate, limits } = subject;
  if ((candidate.onMarketClosed ?? limits.market_closed_policy) !== "queue") return null;
  const opens = opensAt(subject);
  if (opens === null) return null;
  if (candidate.validUntil !== null && candidate.validUntil < opens) return null;
  const longest = limits.market_closed_hold_seconds;
  if (longest !== null && opens > candidate.receivedAt + longest * 1000) return null;
  return opens;
}
