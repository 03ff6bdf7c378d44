// What the lists of a reconciliation may take of the rate budget: a page at a time, and never what is
// kept for cancels. A list that gets no further is given up, and asked for again in the next window.
import { BrokerUnavailable, type BrokerAccountPort } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { RateBudget } from "./rate-budget.ts";

export interface ReadTokens {
  left(): number;
  /** Throws where none is left: then the request is not made. */
  take(): void;
}

export function readTokens(
  budget: RateBudget,
  port: Pick<BrokerAccountPort, "rateBudget">,
  clock: Pick<Clock, "now">,
): ReadTokens {
  const left = (): number => {
    const now = clock.now();
    const told = port.rateBudget();
    // Others may use the account too, and a list of many pages is long without any other call.
    if (told !== null) budget.observe(told, 0, now);
    return budget.forReads(now);
  };
  return {
    left,
    take: () => {
      if (left() <= 0)
        throw new BrokerUnavailable("what is left of the rate budget is kept for cancels");
      budget.take(1, clock.now());
    },
  };
}
