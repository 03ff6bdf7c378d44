// A table of text for a terminal; colours take no room in it.
import { stripVTControlCharacters } from "node:util";

export function table(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = names.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join("  ")
      .trimEnd()}\n`;
  const rule = line(widths.map((width) => "─".repeat(width)));
  return line(names) + rule + rows.map(line).join("");
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
