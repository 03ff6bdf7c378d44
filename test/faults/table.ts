// The table: faults of each kind, signals, lost, doubled, longest pause.
import type { Row } from "./campaign.ts";

const HEAD = ["fault", "made", "signals", "lost", "doubled", "wrong", "longest pause", "uncertain"];

export function table(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf), totalOf(rows)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => row.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join("  "))
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf(row: Row): string[] {
  if (row.skipped !== null) return [row.fault, `skipped: ${row.skipped}`];
  const counts = [row.struck, row.signals, row.lost.length, row.doubled.length, row.wrong.length];
  const pauses = [row.longestPauseMs, row.longestUncertainMs];
  return [row.fault, ...counts.map(String), ...pauses.map((ms) => `${(ms / 1_000).toFixed(1)} s`)];
}

function totalOf(rows: readonly Row[]): string[] {
  const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
  return cellsOf({
    ...{ fault: "all", skipped: null, wrong: rows.flatMap(({ wrong }) => wrong) },
    ...{ struck: sum((row) => row.struck), signals: sum((row) => row.signals) },
    ...{ lost: rows.flatMap(({ lost }) => lost), doubled: rows.flatMap((row) => row.doubled) },
    longestPauseMs: Math.max(0, ...rows.map((row) => row.longestPauseMs)),
    longestUncertainMs: Math.max(0, ...rows.map((row) => row.longestUncertainMs)),
  });
}
