// The results as a person reads them: a table, the medians of all rounds, each main figure with its spread.
import type { Measured } from "../measure.ts";
import { median } from "../percentiles.ts";

type Figure = (measured: Measured) => number;

const COLUMNS: readonly (readonly [string, Figure, number])[] = [
  ["wire p50", (m) => m.onWire.p50, 1],
  ["p90", (m) => m.onWire.p90, 1],
  ["p99", (m) => m.onWire.p99, 1],
  ["p99.9", (m) => m.onWire.p999, 0],
  ["max", (m) => m.onWire.max, 0],
  ["booked p50", (m) => m.booked.p50, 1],
  ["p90", (m) => m.booked.p90, 1],
  ["p99", (m) => m.booked.p99, 1],
  ["p99.9", (m) => m.booked.p999, 0],
  ["max", (m) => m.booked.max, 0],
  ["orders/s", (m) => m.perSecond, 0],
  ["CPU s/10k", (m) => m.cpu.all, 1],
  ["node", (m) => m.cpu.node, 1],
  ["pg", (m) => m.cpu.postgres, 1],
  ["redis", (m) => m.cpu.redis, 1],
  ["rows", (m) => m.rowsPerOrder, 1],
  ["WAL B", (m) => m.walBytesPerOrder, 0],
  ["MB", (m) => m.megabytes, 0],
];

export function table(all: readonly Measured[]): string {
  const phases = [...new Set(all.map(({ phase }) => phase))];
  return phases.map((phase) => phaseTable(phase, all)).join("\n\n");
}

function phaseTable(phase: string, all: readonly Measured[]): string {
  const rounds = all.filter((measured) => measured.phase === phase);
  return `${figures(phase, rounds, COLUMNS)}\n${spreads(rounds)}`;
}

/** One row for each system: the median of its rounds. */
export function figures<Of extends { readonly system: string }>(
  title: string,
  rounds: readonly Of[],
  columns: readonly (readonly [string, (of: Of) => number, number])[],
): string {
  const systems = [...new Set(rounds.map(({ system }) => system))];
  const rows = systems.map((system) => {
    const own = rounds.filter((of) => of.system === system);
    return [
      system,
      ...columns.map(([, figure, digits]) => median(own.map(figure)).toFixed(digits)),
    ];
  });
  return aligned([[title, ...columns.map(([name]) => name)], ...rows]);
}

/** From the least to the most of all rounds. */
function spreads(rounds: readonly Measured[]): string {
  const systems = [...new Set(rounds.map(({ system }) => system))];
  const spread = (own: readonly Measured[], figure: Figure): string => {
    const values = own.map(figure);
    return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
  };
  const told = systems.map((system) => {
    const own = rounds.filter((measured) => measured.system === system);
    return `${system} booked p99 ${spread(own, (m) => m.booked.p99)}, CPU ${spread(own, (m) => m.cpu.all)}`;
  });
  return `spread of ${rounds.length / systems.length} rounds: ${told.join("; ")}`;
}

/** Where the time goes: the median and the 99th percentile of each stage, median of the rounds. */
export function stageTable(all: readonly Measured[]): string {
  const keys = [...new Set(all.map(({ phase, system }) => `${phase} ${system}`))];
  const stages = ["accept", "decide", "send", "fill"];
  const rows = keys.map((key) => {
    const own = all.filter(({ phase, system }) => `${phase} ${system}` === key);
    const cell = (stage: string): string => {
      const found = own.flatMap((measured) => measured.stages[stage] ?? []);
      if (found.length === 0) return "";
      return `${median(found.map((of) => of.p50)).toFixed(1)} / ${median(found.map((of) => of.p99)).toFixed(1)}`;
    };
    return [key, ...stages.map(cell)];
  });
  return aligned([["stages, p50 / p99 ms", ...stages], ...rows]);
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return rows.map(line).join("\n");
}

/** Ours against the best queue with a durable record, and against the bare handler. */
export function ratios(all: readonly Measured[]): string {
  const of = (system: string, phase: string, figure: Figure): number =>
    median(all.filter((m) => m.system === system && m.phase === phase).map(figure));
  const phases = [...new Set(all.map(({ phase }) => phase))];
  const systems = new Set(all.map(({ system }) => system));
  const peers = ["direct", "bullmq", "graphile"].filter((peer) => systems.has(peer));
  const figures: readonly (readonly [string, Figure])[] = [
    ["on the wire p99", (m) => m.onWire.p99],
    ["booked p50", (m) => m.booked.p50],
    ["booked p99", (m) => m.booked.p99],
    ["CPU per order", (m) => m.cpu.all],
  ];
  const rows = phases.flatMap((phase) =>
    figures.map(([title, figure]) => {
      const own = of("fillstream", phase, figure);
      const against = peers.map((peer) => (own / of(peer, phase, figure)).toFixed(2));
      return [`${phase} ${title}`, ...against];
    }),
  );
  return peers.length === 0 || !systems.has("fillstream")
    ? ""
    : aligned([["Fillstream ÷", ...peers], ...rows]);
}
