// An exchange that is thrown at: it has no pace of its own, no limit that is met first, and what it survived
// and should not have met is kept.
import { startExchange, type RunningExchange } from "../../src/exchange/serve.ts";

export interface FuzzedExchange {
  readonly running: RunningExchange;
  readonly mishaps: string[];
}

export async function startFuzzedExchange(seed: string): Promise<FuzzedExchange> {
  const mishaps: string[] = [];
  const running = await startExchange({
    port: 0,
    dataDir: null,
    seed,
    tickMs: 3_600_000,
    rateLimitPerMinute: 1_000_000,
    onMishap: (where, error) => mishaps.push(`${where}: ${String(error)}`),
  });
  return { running, mishaps };
}
