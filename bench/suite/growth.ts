// The same measure on an empty database and on one with a long past, and there the listings; and which
// tables were read whole meanwhile, which is what would grow with the past.
import { lists, type Listed } from "./lists.ts";
import { measure, type Measured } from "../measure.ts";
import { openPast } from "../growth/past.ts";
import { openHouse, type House } from "../parts/house.ts";
import { median } from "../percentiles.ts";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { aligned, figures } from "../report/table.ts";
import { startFillstream } from "../systems/fillstream.ts";
import type { Sql, System } from "../systems/system.ts";
import { told, warmUp } from "./systems.ts";

interface Scan {
  readonly table: string;
  readonly rows: number;
}

export async function growth(run: Run): Promise<PartResult> {
  const { orders, positions, logShare, requests } = run.plan.growth;
  const empty = await onEmpty(run, positions);
  const past = await openPast({ orders, positions, logShare }, run.say);
  const { house } = past;
  const system = await startFillstream(house, {
    ...{ execArgv: run.execArgv, database: { url: past.databaseUrl } },
  });
  try {
    const before = await scansOf(system.sql);
    const grown = await rounds(run, house, system, `with ${orders} orders behind it`);
    const listed = await lists(system, requests, run.say);
    const scans = await scansSince(system.sql, before);
    const ratio = (figure: (of: Measured) => number): number =>
      median(grown.map(figure)) / median(empty.map(figure));
    const ratios = {
      wireP99: ratio((m) => m.onWire.p99),
      bookedP50: ratio((m) => m.booked.p50),
      bookedP99: ratio((m) => m.booked.p99),
      cpu: ratio((m) => m.cpu.all),
    };
    const text = [
      tableOf([...empty, ...grown]),
      `grown ÷ empty: wire p99 ${ratios.wireP99.toFixed(2)}, booked p50 ${ratios.bookedP50.toFixed(2)}, booked p99 ${ratios.bookedP99.toFixed(2)}, CPU ${ratios.cpu.toFixed(2)}`,
      listTable(listed),
      scans.length === 0
        ? "No growing table was read whole."
        : scans.map(({ table, rows }) => `${table}: ${rows} rows read by scanning it`).join("\n"),
    ].join("\n\n");
    const problems = [...empty, ...grown]
      .filter(({ lost, doubled }) => lost + doubled > 0)
      .map(({ phase, lost, doubled }) => `${phase}: ${lost} lost, ${doubled} doubled`);
    return {
      ...{ part: "growth", text, problems },
      data: { orders, positions, empty, grown, ratios, listed, scans },
    };
  } finally {
    await system.stop();
    await house.close();
  }
}

async function onEmpty(run: Run, symbols: number): Promise<readonly Measured[]> {
  const house = await openHouse({ symbols });
  const system = await startFillstream(house, { execArgv: run.execArgv });
  try {
    return await rounds(run, house, system, "empty");
  } finally {
    await system.stop();
    await house.close();
  }
}

async function rounds(
  run: Run,
  house: House,
  system: System,
  name: string,
): Promise<readonly Measured[]> {
  const { rounds: times, perSecond, seconds } = run.plan.growth;
  await warmUp(house, system);
  const all: Measured[] = [];
  await inTurn(Array.from({ length: times }), async (_, round) => {
    const measured = await measure(house, system, {
      ...{ name, perSecond, count: perSecond * seconds, prefix: `g${round}-${Date.now()}` },
    });
    run.say(told(measured));
    all.push(measured);
  });
  return all;
}

function tableOf(all: readonly Measured[]): string {
  const named = all.map((each) => ({ ...each, system: each.phase }));
  return figures("fillstream", named, [
    ["wire p50", (m) => m.onWire.p50, 1],
    ["p99", (m) => m.onWire.p99, 1],
    ["booked p50", (m) => m.booked.p50, 1],
    ["p99", (m) => m.booked.p99, 1],
    ["max", (m) => m.booked.max, 0],
    ["CPU s/10k", (m) => m.cpu.all, 1],
    ["MB", (m) => m.peakMegabytes, 0],
  ]);
}

function listTable(listed: readonly Listed[]): string {
  const rows = listed.map(({ name, rows: shown, ms }) => [
    ...[name, String(shown), ms.p50.toFixed(1), ms.p99.toFixed(1), ms.max.toFixed(1)],
  ]);
  return aligned([["listing", "rows", "p50 ms", "p99 ms", "max ms"], ...rows]);
}

const GROWING =
  "^(signals|decisions|orders|executions|order_events|position_history|portfolio_snapshots|idempotency_keys|broker_|execution_)";

async function scansOf(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ table: string; rows: number }[]>`
    SELECT relname AS table, coalesce(seq_tup_read, 0)::float8 AS rows FROM pg_stat_user_tables
    WHERE relname ~ ${GROWING}`;
  return new Map(rows.map(({ table, rows: read }) => [table, read]));
}

/** A page or two of a nearly empty range are cheaper to read than an index. */
const FEW = 10_000;

async function scansSince(sql: Sql, before: ReadonlyMap<string, number>): Promise<readonly Scan[]> {
  return [...(await scansOf(sql))]
    .map(([table, rows]) => ({ table, rows: rows - (before.get(table) ?? 0) }))
    .filter(({ rows }) => rows > FEW);
}
