// Latency at every pace and the pace that sustains, on an empty database and on one with a long past, and how long
// a start takes until its first order is booked; there the listings; and which tables were read whole meanwhile,
// which is what would grow with the past. The two take turns, each with a house that stands while it is measured
// and no longer: what the other does beside it would count.
import { climb, type Climbed } from "./sustained.ts";
import { lists, type Listed } from "./lists.ts";
import { measure, type Measured } from "../measure.ts";
import { openPast } from "../growth/past.ts";
import { openHouse, type House } from "../parts/house.ts";
import { median } from "../percentiles.ts";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { aligned, stageTable, table } from "../report/table.ts";
import { startFillstream, type FillstreamOptions } from "../systems/fillstream.ts";
import type { Sql, System } from "../systems/system.ts";
import { told, warmUp } from "./systems.ts";

interface Side {
  readonly name: string;
  open(): Promise<{ readonly house: House; readonly options: FillstreamOptions }>;
}

export async function growth(run: Run): Promise<PartResult> {
  const { rounds, climbs } = run.plan.growth;
  const { phases } = run.plan.latency;
  const [empty, grown] = sidesOf(run);
  const scans = new Map<string, number>();
  const all: Measured[] = [];
  const noted: Noted = { scans, starts: [] };
  const atEveryPace = (side: Side, round: number) =>
    standing(run, side, noted, async (house, system) => {
      await inTurn(phases, async ({ name, perSecond, seconds }) => {
        const prefix = `g${round}-${name}-${Date.now()}`;
        const measured = await measure(house, system, {
          ...{ name, perSecond, count: perSecond * seconds, prefix },
        });
        run.say(`round ${round + 1}, ${told({ ...measured, system: side.name })}`);
        all.push({ ...measured, system: side.name });
      });
    });
  await inTurn(Array.from({ length: rounds }), async (_, round) => {
    const order = round % 2 === 0 ? [empty, grown] : [grown, empty];
    await inTurn(order, (side) => atEveryPace(side, round));
  });
  const climbed: (Climbed & { readonly name: string })[] = [];
  await inTurn(Array.from({ length: climbs }), () =>
    inTurn([empty, grown], async (side) => {
      const reached = await standing(run, side, noted, (house, system) =>
        climb(run, house, system),
      );
      climbed.push({ name: side.name, ...reached });
    }),
  );
  const listed = await standing(run, grown, noted, (_, system) =>
    lists(system, run.plan.growth.requests, run.say),
  );
  const read = [...scans].filter(([, rows]) => rows > FEW);
  const ratios = ratiosOf(all, { grown: grown.name, empty: empty.name });
  const text = [
    table(all),
    stageTable(all),
    aligned([
      ["grown ÷ empty", ...RATIOS.map(([title]) => title)],
      ...ratios.map(({ phase, values }) => [phase, ...values.map((value) => value.toFixed(2))]),
    ]),
    startTable(noted.starts),
    climbs === 0 ? "" : climbTable(climbed),
    listTable(listed),
    read.length === 0
      ? "No growing table was read whole."
      : read.map(([name, rows]) => `${name}: ${rows} rows read by scanning it`).join("\n"),
  ];
  const problems = all
    .filter(({ lost, doubled }) => lost + doubled > 0)
    .map(
      ({ system, phase, lost, doubled }) => `${system} ${phase}: ${lost} lost, ${doubled} doubled`,
    );
  const { orders, positions } = run.plan.growth;
  return {
    ...{ part: "growth", problems, text: text.filter((part) => part !== "").join("\n\n") },
    data: {
      ...{ orders, positions, all, ratios, starts: noted.starts, climbed, listed },
      scans: Object.fromEntries(read),
    },
  };
}

function sidesOf(run: Run): readonly [empty: Side, grown: Side] {
  const { orders, positions, logShare } = run.plan.growth;
  return [
    {
      name: "empty",
      open: async () => ({ house: await openHouse({ symbols: positions }), options: {} }),
    },
    {
      name: `with ${orders} orders`,
      open: async () => {
        const { house, databaseUrl } = await openPast({ orders, positions, logShare }, run.say);
        return { house, options: { database: { url: databaseUrl } } };
      },
    },
  ];
}

/** What is seen by the way. */
interface Noted {
  /** Of growing tables, rows read by scanning them. */
  readonly scans: Map<string, number>;
  /** From the start of the processes until the first signal was booked. */
  readonly starts: { readonly name: string; readonly ms: number }[];
}

/** One of them with everything it needs, warm, for as long as it is asked. */
async function standing<Result>(
  run: Run,
  side: Side,
  { scans, starts }: Noted,
  act: (house: House, system: System) => Promise<Result>,
): Promise<Result> {
  const { house, options } = await side.open();
  try {
    const began = performance.now();
    const system = await startFillstream(house, { execArgv: run.execArgv, ...options });
    try {
      const before = await scansOf(system.sql);
      const first = { name: "first", perSecond: 1, count: 1, prefix: `first-${Date.now()}` };
      await measure(house, system, { ...first, settleMs: 30_000 });
      const ms = performance.now() - began;
      run.say(`${side.name}: the first order was booked ${ms.toFixed(0)} ms after the start`);
      starts.push({ name: side.name, ms });
      await warmUp(house, system, run.plan.growth.warmUpSeconds);
      const result = await act(house, system);
      for (const [name, rows] of await scansOf(system.sql)) {
        scans.set(name, (scans.get(name) ?? 0) + rows - (before.get(name) ?? 0));
      }
      return result;
    } finally {
      await system.stop();
    }
  } finally {
    await house.close();
  }
}

const RATIOS: readonly (readonly [title: string, figure: (of: Measured) => number])[] = [
  ["wire p50", (m) => m.onWire.p50],
  ["wire p99", (m) => m.onWire.p99],
  ["booked p50", (m) => m.booked.p50],
  ["booked p99", (m) => m.booked.p99],
  ["CPU", (m) => m.cpu.all],
];

function ratiosOf(
  all: readonly Measured[],
  { grown, empty }: { readonly grown: string; readonly empty: string },
) {
  return [...new Set(all.map(({ phase }) => phase))].map((phase) => {
    const of = (side: string, figure: (of: Measured) => number): number =>
      median(all.filter((m) => m.phase === phase && m.system === side).map(figure));
    return { phase, values: RATIOS.map(([, figure]) => of(grown, figure) / of(empty, figure)) };
  });
}

function startTable(starts: Noted["starts"]): string {
  const names = [...new Set(starts.map(({ name }) => name))];
  const rows = names.map((name) => {
    const took = starts.filter((each) => each.name === name).map(({ ms }) => ms);
    return [name, (median(took) / 1_000).toFixed(2), (Math.max(...took) / 1_000).toFixed(2)];
  });
  return aligned([["start to first booked", "s", "at most"], ...rows]);
}

function climbTable(climbed: readonly (Climbed & { readonly name: string })[]): string {
  const rows = climbed.map(({ name, perSecond, confirmed }) => [
    ...[name, perSecond?.toFixed(0) ?? "none", confirmed?.booked.p99.toFixed(1) ?? ""],
  ]);
  return aligned([["sustained", "orders/s", "p99 ms"], ...rows]);
}

function listTable(listed: readonly Listed[]): string {
  const rows = listed.map(({ name, rows: shown, ms }) => [
    ...[name, String(shown), ms.p50.toFixed(1), ms.p99.toFixed(1), ms.max.toFixed(1)],
  ]);
  return aligned([["listing", "rows", "p50 ms", "p99 ms", "max ms"], ...rows]);
}

const GROWING =
  "^(signals|decisions|orders|executions|order_events|position_history|portfolio_snapshots|idempotency_keys|broker_|execution_)";

/** A page or two of a nearly empty range are cheaper to read than an index. */
const FEW = 10_000;

async function scansOf(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ table: string; rows: number }[]>`
    SELECT relname AS table, coalesce(seq_tup_read, 0)::float8 AS rows FROM pg_stat_user_tables
    WHERE relname ~ ${GROWING}`;
  return new Map(rows.map(({ table, rows: read }) => [table, read]));
}
