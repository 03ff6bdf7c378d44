// One phase of one system: the load, the wait until everything is booked, and what it took.
import { setTimeout as sleep } from "node:timers/promises";
import type { House } from "./parts/house.ts";
import type { LoadOrder, LoadResult } from "./parts/load.ts";
import { ask } from "./parts/processes.ts";
import { cpuOf, cpuOfTree, forgetPeak, residentMegabytes } from "./parts/usage.ts";
import { percentiles, type Percentiles } from "./percentiles.ts";
import settings from "./settings.json" with { type: "json" };
import type { Fill, System } from "./systems/system.ts";

export interface Measured {
  readonly system: string;
  readonly phase: string;
  readonly count: number;
  /** From when the signal should have been sent, in milliseconds. */
  readonly answered: Percentiles;
  readonly onWire: Percentiles;
  readonly booked: Percentiles;
  /** Of each stage by itself; where intents are not kept apart, one stage is missing. */
  readonly stages: Readonly<Record<string, Percentiles>>;
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
  readonly databaseBytesPerOrder: number;
  readonly redisBytesPerOrder: number;
  /** Resident memory of the system's own processes: now, and the most during the phase. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
  /** Not taken at the door. */
  readonly failures: number;
  /** Taken, and then refused with a reason, as for want of a price. */
  readonly refused: number;
  readonly firstFailure: string | null;
  /** Taken, neither filled nor refused. */
  readonly lost: number;
  readonly doubled: number;
}

export interface Phase {
  readonly name: string;
  readonly perSecond: number;
  readonly count: number;
  /** Unique in the run. */
  readonly prefix: string;
  /** By default the house's symbols and the system's accounts. */
  readonly symbols?: readonly string[];
  /** How long nothing may come before what is missing is called lost. */
  readonly settleMs?: number;
}

export async function measure(house: House, system: System, phase: Phase): Promise<Measured> {
  const { perSecond, count, prefix } = phase;
  for (const { pid } of system.parts) forgetPeak(pid);
  const before = await snapshot(house, system);
  await house.takeLedger();
  const result = await ask<LoadResult>(house.load, {
    ...{ url: system.url, path: system.path, perSecond, count, prefix },
    ...{ symbols: phase.symbols ?? house.symbols, accounts: system.accounts },
    ...{ distinct: false, retryForMs: 0 },
  } satisfies LoadOrder);
  const failures = result.answered.filter((ms) => ms < 0).length;
  const missing = await waitForFills(system, before.booked + count - failures, phase.settleMs);
  const after = await snapshot(house, system);
  const refusals = missing > 0 ? await system.refusals(prefix) : { count: 0, reasons: "" };
  const fills = await system.fills(prefix);
  const { arrivals } = await house.takeLedger();
  const arrivedAt = new Map(arrivals.map(([reference, , , at]) => [reference, at]));
  const start = (key: string): number => result.intended[Number(key.slice(prefix.length + 1))] ?? 0;
  const wire = ({ reference }: Fill): number => arrivedAt.get(reference) ?? Number.NaN;
  const last = fills.reduce((most, { committedMs }) => Math.max(most, committedMs), 0);
  const per = (key: keyof Counters): number => (after[key] - before[key]) / count;
  const cpu = (key: keyof Counters): number => per(key) * 10_000;
  const megabytes = (which: "VmRSS" | "VmHWM"): number =>
    system.parts.reduce((sum, { pid }) => sum + residentMegabytes(pid, which), 0);
  return {
    ...{ system: system.name, phase: phase.name, count, failures },
    ...{ refused: refusals.count, lost: missing - refusals.count },
    firstFailure: result.firstFailure ?? (refusals.reasons === "" ? null : refusals.reasons),
    doubled: arrivals.length - new Set(arrivals.map(([reference]) => reference)).size,
    answered: percentiles(result.answered.filter((ms) => ms >= 0)),
    onWire: percentiles(fills.map((fill) => wire(fill) - start(fill.key))),
    booked: percentiles(fills.map((fill) => fill.committedMs - start(fill.key))),
    stages: stagesOf(fills, start, wire),
    perSecond: (fills.length * 1000) / (last - (result.intended[0] ?? 0)),
    cpu: {
      ...{ node: cpu("node"), postgres: cpu("postgres"), redis: cpu("redis") },
      all: cpu("node") + cpu("postgres") + cpu("redis"),
    },
    ...{ rowsPerOrder: per("rows"), walBytesPerOrder: per("wal") },
    ...{ databaseBytesPerOrder: per("databaseBytes"), redisBytesPerOrder: per("redisBytes") },
    ...{ megabytes: megabytes("VmRSS"), peakMegabytes: megabytes("VmHWM") },
  };
}

function stagesOf(
  fills: readonly Fill[],
  start: (key: string) => number,
  wire: (fill: Fill) => number,
): Readonly<Record<string, Percentiles>> {
  const decided = fills.filter(({ decidedMs }) => decidedMs !== null);
  const sentFrom = ({ decidedMs, acceptedMs }: Fill): number => decidedMs ?? acceptedMs;
  return {
    accept: percentiles(fills.map((fill) => fill.acceptedMs - start(fill.key))),
    ...(decided.length === 0
      ? {}
      : { decide: percentiles(decided.map((fill) => sentFrom(fill) - fill.acceptedMs)) }),
    send: percentiles(fills.map((fill) => wire(fill) - sentFrom(fill))),
    fill: percentiles(fills.map((fill) => fill.committedMs - wire(fill))),
  };
}

interface Counters {
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
  readonly rows: number;
  readonly wal: number;
  readonly databaseBytes: number;
  readonly redisBytes: number;
  readonly booked: number;
}

async function snapshot(house: House, { parts, sql, booked }: System): Promise<Counters> {
  const [row] = await sql`
    SELECT (pg_current_wal_lsn() - '0/0')::float8 AS wal,
      pg_database_size(current_database())::float8 AS size,
      (SELECT (tup_inserted + tup_updated)::float8 FROM pg_stat_database
        WHERE datname = current_database()) AS rows`;
  return {
    node: parts.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
    postgres: cpuOfTree(house.postgresPid),
    redis: cpuOfTree(house.redisPid),
    rows: Number(row?.["rows"]),
    wal: Number(row?.["wal"]),
    databaseBytes: Number(row?.["size"]),
    redisBytes: house.redisBytes(),
    booked: await booked(),
  };
}

/** How many are missing when nothing has come for a while. */
export async function waitForFills(
  system: Pick<System, "booked">,
  wanted: number,
  settleMs: number = settings.settleTimeoutMs,
): Promise<number> {
  let missing = wanted;
  let until = performance.now() + settleMs;
  for (;;) {
    const now = performance.now();
    const left = wanted - (await system.booked());
    if (left < missing) until = now + settleMs;
    missing = left;
    if (missing <= 0 || now > until) return missing;
    await sleep(50);
  }
}
