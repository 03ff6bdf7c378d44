// Writes down every few seconds how the way to each account of this worker is, for pages and alarms.
import { saveAccountLinks } from "../db/account-links.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../worker/engine.ts";

const EVERY_MS = 2_000;

export interface LinkTeller {
  stop(): Promise<void>;
}

export function tellLinks(
  engine: Engine,
  store: PostgresStore,
  clock: Clock,
  onError: (error: unknown) => void,
): LinkTeller {
  const aborter = new AbortController();
  const told = run();

  async function run(): Promise<void> {
    while (!aborter.signal.aborted) {
      await saveAccountLinks(store.queries, linksOf(engine, clock)).catch(onError);
      await clock.sleep(EVERY_MS, aborter.signal).catch(() => undefined);
    }
  }

  return {
    async stop() {
      aborter.abort();
      await told;
    },
  };
}

function linksOf(engine: Engine, clock: Clock) {
  const { owner, accounts } = engine.status();
  const at = new Date(clock.now());
  return accounts.map((account) => ({
    account: account.accountId,
    owner,
    is_up: account.up,
    is_streaming: account.connected,
    stream_heard_at: dateOf(account.lastHeardAt),
    reconciled_at: dateOf(account.reconciledAt),
    order_budget: Math.floor(account.budgetForOrders),
    calls_waiting: account.callsWaiting,
    at,
  }));
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
