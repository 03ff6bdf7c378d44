// The results as a person reads them: a table, the medians of all rounds, each figure beside its spread.
import { median, type Measured } from "./measure.ts";

type Figure = (measured: Measured) => number;

const COLUMNS: readonly (readonly [string, Figure, number])[] = [
  ["wire p50", (m) => m.onWire.p50, 1],
  ["p99", (m) => m.onWire.p99, 1],
  ["max", (m) => m.onWire.max, 0],
  ["booked p50", (m) => m.booked.p50, 1],
  ["p90", (m) => m.booked.p90, 1],
  ["p99", (m) => m.booked.p99, 1],
  ["p99.9", (m) => m.booked.p999, 0],
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
  const systems = [...new Set(rounds.map(({ system }) => system))];
  const rows = systems.map((system) => {
    const own = rounds.filter((measured) => measured.system === system);
    return [
      system,
      ...COLUMNS.map(([, figure, digits]) => median(own.map(figure)).toFixed(digits)),
    ];
  });
  return aligned([[phase, ...COLUMNS.map(([title]) => title)], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string {
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
  const figures: readonly (readonly [string, Figure])[] = [
    ["on the wire p99", (m) => m.onWire.p99],
    ["booked p50", (m) => m.booked.p50],
    ["booked p99", (m) => m.booked.p99],
    ["CPU per order", (m) => m.cpu.all],
  ];
  const rows = phases.flatMap((phase) =>
    figures.map(([title, figure]) => {
      const own = of("fillstream", phase, figure);
      const against = ["direct", "bullmq", "graphile"].map((peer) =>
        (own / of(peer, phase, figure)).toFixed(2),
      );
      return [`${phase} ${title}`, ...against];
    }),
  );
  return aligned([["Fillstream ÷", "direct", "bullmq", "graphile"], ...rows]);
}
