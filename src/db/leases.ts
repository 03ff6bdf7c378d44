// Leases on PostgreSQL: rows with an owner, an epoch and an end by the database's clock. Ours end by
// the local monotonic clock, counted from before the request left, so never later than the database's.
import type { Lease, LeaseStore } from "../ports/store.ts";
import { plainArray, textArray } from "./array-literal.ts";
import { reading, type Sql } from "./client.ts";

export const LEASE_MS = 6_000;

interface LeaseRow {
  readonly name: string;
  readonly epoch: number;
}

export interface LeaseOptions {
  /** Milliseconds that never run backwards. */
  monotonic(): number;
  readonly leaseMs?: number;
}

export class PostgresLeases implements LeaseStore {
  readonly #sql: Sql;
  readonly #monotonic: () => number;
  readonly #leaseMs: number;

  constructor(sql: Sql, options: LeaseOptions) {
    this.#sql = sql;
    this.#monotonic = () => options.monotonic();
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
  }

  async take(names: readonly string[], owner: string, count: number): Promise<readonly Lease[]> {
    if (names.length === 0 || count <= 0) return [];
    return this.#timed(
      () => this.#sql<LeaseRow[]>`
        SELECT name, epoch FROM fillstream_take_leases(
          ${textArray(names)}, ${owner}, ${count}, ${this.#leaseMs})`,
    );
  }

  async renew(leases: readonly Lease[], owner: string): Promise<readonly Lease[]> {
    if (leases.length === 0) return [];
    return this.#timed(
      () => this.#sql<LeaseRow[]>`
        UPDATE leases l SET until = clock_timestamp() + ${this.#leaseMs} * interval '1 millisecond'
        FROM (SELECT * FROM unnest(${namesOf(leases)}::text[], ${epochsOf(leases)}::bigint[])
          AS u (name, epoch)) AS held
        WHERE l.name = held.name AND l.epoch = held.epoch AND l.owner = ${owner}
        RETURNING l.name, l.epoch`,
    );
  }

  async release(leases: readonly Lease[], owner: string): Promise<void> {
    if (leases.length === 0) return;
    await reading(
      () => this.#sql`
        UPDATE leases l SET owner = NULL, until = NULL
        FROM unnest(${namesOf(leases)}::text[], ${epochsOf(leases)}::bigint[]) AS held (name, epoch)
        WHERE l.name = held.name AND l.epoch = held.epoch AND l.owner = ${owner}`,
    );
  }

  async owners(): Promise<ReadonlyMap<string, number>> {
    const rows = await reading(
      () => this.#sql<{ owner: string; held: number }[]>`
        SELECT owner, count(*) AS held FROM leases
        WHERE owner IS NOT NULL AND until > clock_timestamp() GROUP BY owner
        HAVING bool_or(name = 'worker:' || owner)`,
    );
    return new Map(rows.map((row) => [row.owner, row.held]));
  }

  async #timed(ask: () => PromiseLike<readonly LeaseRow[]>): Promise<readonly Lease[]> {
    const until = this.#monotonic() + this.#leaseMs;
    const rows = await reading(ask);
    return rows.map(({ name, epoch }) => ({ name, epoch, until }));
  }
}

const namesOf = (leases: readonly Lease[]) => textArray(leases.map((lease) => lease.name));
const epochsOf = (leases: readonly Lease[]) => plainArray(leases.map((lease) => lease.epoch));
