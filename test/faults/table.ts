// The table: faults of each kind, signals, lost, doubled, longest pause.
import type { Row } from "./campaign.ts";

/** What was lost, doubled or wrong of one fault; a run that judges once at its end has no such columns. */
export type JudgedRow = Row & {
  readonly lost?: number;
  readonly doubled?: number;
  readonly wrong?: number;
};

const HEAD = ["fault", "made", "signals", "lost", "doubled", "wrong", "longest pause", "uncertain"];

export function table(rows: readonly JudgedRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf), cellsOf(totalOf(rows))];
  const widths = HEAD.map((_, column) =>
    Math.max(...cells.map((row) => (row.length === HEAD.length ? (row[column]?.length ?? 0) : 0))),
  );
  return cells
    .map((row) => row.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join("  "))
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf(row: JudgedRow): string[] {
  if (row.skipped !== null) return [row.fault, `skipped: ${row.skipped}`];
  const counts = [row.struck, row.signals, row.lost, row.doubled, row.wrong];
  const pauses = [row.longestPauseMs, row.longestUncertainMs];
  return [
    row.fault,
    ...counts.map((count) => (count === undefined ? "" : String(count))),
    ...pauses.map((ms) => `${(ms / 1_000).toFixed(1)} s`),
  ];
}

function totalOf(rows: readonly JudgedRow[]): JudgedRow {
  const sum = (of: (row: JudgedRow) => number | undefined): number =>
    rows.reduce((all, row) => all + (of(row) ?? 0), 0);
  return {
    ...{ fault: "all", skipped: null },
    ...{ struck: sum((row) => row.struck), signals: sum((row) => row.signals) },
    ...{ lost: sum((row) => row.lost), doubled: sum((row) => row.doubled) },
    wrong: sum((row) => row.wrong),
    longestPauseMs: Math.max(0, ...rows.map((row) => row.longestPauseMs)),
    longestUncertainMs: Math.max(0, ...rows.map((row) => row.longestUncertainMs)),
  };
}
