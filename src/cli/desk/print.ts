// Tables for people, JSON for scripts.
import { stdout } from "node:process";
import { table } from "../sql/table.ts";

export function print(text: string): void {
  stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** What was done to one thing: a sentence for people, the same with its id for scripts. */
export function printDone(id: string, done: string, { json }: { readonly json: boolean }): void {
  if (json) printJson({ id, done });
  else print(done);
}

export type Column<Row> = readonly [title: string, cell: (row: Row) => string | null | undefined];

/** An empty listing says so: a table without rows looks like a mistake. */
export function printRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  none: string,
): void {
  if (rows.length === 0) return print(none);
  const titles = columns.map(([title]) => title);
  print(
    table(
      titles,
      rows.map((row) => columns.map(([, cell]) => cell(row) ?? "")),
    ),
  );
}

/** `12:34:56` of today, the date before it otherwise; always UTC, and it says so nowhere else. */
export function shortInstant(instant: string | null, now = new Date()): string {
  if (instant === null) return "";
  const [date, time] = instant.split("T");
  const clock = `${time?.slice(0, 8) ?? ""}Z`;
  return date === now.toISOString().slice(0, 10) ? clock : `${date} ${clock}`;
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2 } as const;

/** Colours only where a terminal shows them. */
export function painted(text: string, colour: keyof typeof CODES): string {
  return stdout.isTTY && stdout.hasColors() ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}

/** Gains green, losses red. */
export function gain(amount: string | null): string {
  if (amount === null) return "?";
  if (amount === "0") return amount;
  return painted(amount, amount.startsWith("-") ? "red" : "green");
}
