// Writes down every few seconds how the way to each account of this worker is, for pages and alarms.
import { saveTold } from "../db/account-links.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../worker/engine.ts";
import type { BrokerTotals } from "./broker-totals.ts";

const EVERY_MS = 2_000;

export interface LinkTeller {
  stop(): Promise<void>;
}

export interface LinkParts {
  readonly engine: Engine;
  readonly store: PostgresStore;
  readonly clock: Clock;
  readonly counts: BrokerTotals;
}

export function tellLinks(parts: LinkParts, onError: (error: unknown) => void): LinkTeller {
  const { clock } = parts;
  const aborter = new AbortController();
  const told = run();

  async function run(): Promise<void> {
    while (!aborter.signal.aborted) {
      await tell(parts).catch(onError);
      await clock.sleep(EVERY_MS, aborter.signal).catch(() => undefined);
    }
  }

  return {
    async stop() {
      aborter.abort();
      await told;
      // What the last calls came to; the accounts themselves are with another worker by now.
      await tell(parts).catch(onError);
    },
  };
}

async function tell({ engine, store, clock, counts }: LinkParts): Promise<void> {
  const taken = counts.take();
  try {
    const links = linksOf(engine, clock, taken.reconnects);
    await saveTold(store.queries, { links, calls: taken.calls });
  } catch (error: unknown) {
    counts.putBack(taken);
    throw error;
  }
}

function linksOf(engine: Engine, clock: Clock, reconnects: ReadonlyMap<AccountId, number>) {
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
    reconnects: reconnects.get(account.accountId) ?? 0,
    at,
  }));
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
