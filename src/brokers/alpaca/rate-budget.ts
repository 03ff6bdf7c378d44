// The rate budget as Alpaca tells it in the headers of every answer, refusals included.
import type { IncomingHttpHeaders } from "node:http";
import type { RateBudget } from "../../ports/broker.ts";

/** Without a header to go by, a refused request waits this long. */
const WAIT_WITHOUT_WORD_MS = 3_000;
/** The window is a minute: a later reset is a clock that is wrong. */
const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 250;

function wholeNumber(header: string | string[] | undefined): number | null {
  if (typeof header !== "string" || !/^\d{1,15}$/.test(header)) return null;
  return Number(header);
}

export function budgetOf(headers: IncomingHttpHeaders): RateBudget | null {
  const limit = wholeNumber(headers["x-ratelimit-limit"]);
  const remaining = wholeNumber(headers["x-ratelimit-remaining"]);
  const resetSeconds = wholeNumber(headers["x-ratelimit-reset"]);
  if (limit === null || remaining === null || resetSeconds === null) return null;
  return { limit, remaining, resetAt: resetSeconds * 1_000 };
}

/** Answers overtake each other: within one window the smaller remainder is the later word. */
export function laterBudget(known: RateBudget | null, heard: RateBudget): RateBudget {
  if (known === null || heard.resetAt > known.resetAt) return heard;
  if (heard.resetAt < known.resetAt) return known;
  return heard.remaining <= known.remaining ? heard : known;
}

/** When a request that was refused for its rate may be tried again. */
export function retryAt(budget: RateBudget | null, now: number): number {
  if (budget === null || budget.resetAt <= now) return now + WAIT_WITHOUT_WORD_MS;
  const wait = Math.min(Math.max(budget.resetAt - now, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
  return now + wait;
}
