// One phase of one system: the load, the wait until everything is booked, and what it took.
import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "./parts/house.ts";
import type { LoadOrder, LoadResult } from "./parts/load.ts";
import { ask } from "./parts/processes.ts";
import { cpuOf, cpuOfTree, residentMegabytes } from "./parts/usage.ts";
import settings from "./settings.json" with { type: "json" };
import type { System } from "./systems.ts";

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
export interface Measured {
  readonly system: string;
  readonly phase: string;
  readonly count: number;
  /** From when the signal should have been sent, in milliseconds. */
  readonly answered: Percentiles;
  readonly onWire: Percentiles;
  readonly booked: Percentiles;
  /** First intended signal to last booked fill. */
  readonly perSecond: number;
  /** CPU seconds per 10,000 orders. */
  readonly cpu: {
    readonly node: number;
    readonly postgres: number;
    readonly redis: number;
    readonly all: number;
  };
  readonly rowsPerOrder: number;
  readonly walBytesPerOrder: number;
  readonly megabytes: number;
  readonly failures: number;
  readonly firstFailure: string | null;
  readonly lost: number;
  readonly doubled: number;
}

export interface Phase {
  readonly name: string;
  readonly perSecond: number;
  readonly count: number;
  /** Unique in the run. */
  readonly prefix: string;
}

export async function measure(house: House, system: System, phase: Phase): Promise<Measured> {
  const { perSecond, count, prefix } = phase;
  const before = await snapshot(house, system);
  await house.takeLedger();
  const result = await ask<LoadResult>(house.load, {
    ...{ url: system.url, path: system.path, perSecond, count, prefix, symbols: house.symbols },
  } satisfies LoadOrder);
  const failures = result.answered.filter((ms) => ms < 0).length;
  const lost = await waitForFills(system, before.booked + count - failures);
  const after = await snapshot(house, system);
  const refusals = lost > 0 ? await system.refusals() : "";
  const fills = await system.fills(prefix);
  const { arrivals } = await house.takeLedger();
  const arrivedAt = new Map(arrivals.map(([reference, , , at]) => [reference, at]));
  const start = (key: string): number => result.intended[Number(key.slice(prefix.length + 1))] ?? 0;
  const onWire = fills.map(({ key, reference }) => (arrivedAt.get(reference) ?? 0) - start(key));
  const booked = fills.map(({ key, committedMs }) => committedMs - start(key));
  const last = Math.max(...fills.map(({ committedMs }) => committedMs));
  const per = (key: keyof Counters): number => (after[key] - before[key]) / count;
  const cpu = (key: keyof Counters): number => per(key) * 10_000;
  return {
    ...{ system: system.name, phase: phase.name, count, failures, lost },
    firstFailure: result.firstFailure ?? (refusals === "" ? null : refusals),
    doubled: arrivals.length - new Set(arrivals.map(([reference]) => reference)).size,
    answered: percentiles(result.answered.filter((ms) => ms >= 0)),
    onWire: percentiles(onWire),
    booked: percentiles(booked),
    perSecond: (fills.length * 1000) / (last - (result.intended[0] ?? 0)),
    cpu: {
      ...{ node: cpu("node"), postgres: cpu("postgres"), redis: cpu("redis") },
      all: cpu("node") + cpu("postgres") + cpu("redis"),
    },
    ...{ rowsPerOrder: per("rows"), walBytesPerOrder: per("wal") },
    megabytes: system.parts.reduce((sum, { pid }) => sum + residentMegabytes(pid), 0),
  };
}

interface Counters {
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
  readonly rows: number;
  readonly wal: number;
  readonly booked: number;
}

async function snapshot(house: House, { parts, sql, booked }: System): Promise<Counters> {
  const [row] = await sql`
    SELECT (pg_current_wal_lsn() - '0/0')::float8 AS wal,
      (SELECT (tup_inserted + tup_updated)::float8 FROM pg_stat_database
        WHERE datname = current_database()) AS rows`;
  return {
    node: parts.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
    postgres: cpuOfTree(house.postgresPid),
    redis: cpuOfTree(house.redisPid),
    rows: Number(row?.["rows"]),
    wal: Number(row?.["wal"]),
    booked: await booked(),
  };
}

/** How many are missing when nothing has come for a while. */
async function waitForFills(system: System, wanted: number): Promise<number> {
  let missing = wanted;
  let until = performance.now() + settings.settleTimeoutMs;
  for (;;) {
    const now = performance.now();
    const left = wanted - (await system.booked());
    if (left < missing) until = now + settings.settleTimeoutMs;
    missing = left;
    if (missing <= 0 || now > until) return missing;
    await sleep(50);
  }
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
}
