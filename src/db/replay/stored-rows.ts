// Rows of a table in the canonical text of their shape, to compare them with what a replay gives.
import type { Field, Kind, RowShape } from "../projections/row.ts";
import { stableText } from "../projections/row.ts";

/** A selection in the order of the shape's columns, each as text. */
export function selection(shape: RowShape<never>, omitted: ReadonlySet<string>): string {
  return shape.columns
    .filter(({ name }) => !omitted.has(name))
    .map(({ name, kind }) => `${AS_TEXT[kind](`"${name}"`)} AS "${name}"`)
    .join(", ");
}

const AS_TEXT: Readonly<Record<Kind, (column: string) => string>> = {
  plain: (column) => `${column}::text`,
  text: (column) => column,
  numeric: (column) => `trim_scale(${column})::text`,
  instant: (column) => `(extract(epoch FROM ${column}) * 1000)::bigint::text`,
  json: (column) => `${column}::text`,
  list: (column) => `to_json(${column})::text`,
};

export type StoredRow = Readonly<Record<string, Field>>;

export interface Difference {
  readonly table: string;
  /** Which row. */
  readonly key: string;
  /** Null when the whole row is meant. */
  readonly column: string | null;
  readonly stored: Field;
  readonly replayed: Field;
}

interface Compared<Source> {
  readonly shape: RowShape<Source>;
  readonly key: string;
  readonly omitted: ReadonlySet<string>;
}

/** Column by column; a row that is not there differs as a whole. */
export function differences<Source>(
  { shape, key, omitted }: Compared<Source>,
  stored: StoredRow | undefined,
  source: Source,
): readonly Difference[] {
  const { table } = shape;
  if (stored === undefined) {
    return [{ table, key, column: null, stored: null, replayed: "a row" }];
  }
  const replayed = shape.canonical(source);
  return shape.columns.flatMap(({ name, kind }, index) => {
    if (omitted.has(name)) return [];
    const raw = stored[name] ?? null;
    const here = replayed[index] ?? null;
    // Nearly every row is as it should be: only what differs is looked at twice.
    if (raw === here) return [];
    const there = normal(kind, raw);
    return there === here ? [] : [{ table, key, column: name, stored: there, replayed: here }];
  });
}

function normal(kind: Kind, field: Field): Field {
  if (field === null || (kind !== "json" && kind !== "list")) return field;
  const parsed: unknown = JSON.parse(field);
  return stableText(parsed);
}
