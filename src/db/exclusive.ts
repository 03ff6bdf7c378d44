// One process of many does a job: whoever holds a lock of the database's session. It is no lease: the
// worker shares its partitions among the holders of leases, and an API process is no worker.
import { setTimeout as sleep } from "node:timers/promises";
import type { Exclusive } from "../ports/webhooks.ts";
import type { Sql } from "./client.ts";
import { LOCK_CLASS } from "./locks.ts";

const TRY_EVERY_MS = 2_000;
const CHECK_EVERY_MS = 2_000;

export class PostgresExclusive implements Exclusive {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async whileHolding(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    while (!signal.aborted) {
      // A lost connection is a lost lock: the next round takes another.
      await this.#once(name, signal, work).catch(() => undefined);
      await sleep(TRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #once(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const session = await this.#sql.reserve();
    try {
      const [row] = await session<{ held: boolean }[]>`
        SELECT pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${name})) AS held`;
      if (row?.held !== true) return;
      const lost = new AbortController();
      const both = AbortSignal.any([signal, lost.signal]);
      const check = (async () => {
        while (!both.aborted) {
          await sleep(CHECK_EVERY_MS, undefined, { signal: both }).catch(() => undefined);
          if (!both.aborted) await session`SELECT 1`;
        }
      })().catch(() => lost.abort());
      await work(both);
      lost.abort();
      await check;
      await session`SELECT pg_advisory_unlock(${LOCK_CLASS}, hashtext(${name}))`;
    } finally {
      session.release();
    }
  }
}
