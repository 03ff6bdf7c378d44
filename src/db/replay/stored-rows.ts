// Rows of a table in the canonical text of their shape, to compare them with what a replay gives.
import type { Field, Kind, RowShape } from "../projections/row.ts";
import { stableText } from "../projections/row.ts";

/** The columns of a shape as one line of JSON, each as text, in the shape's order. */
export function lineOf(shape: RowShape<never>): string {
  const columns = shape.columns.map(({ name, kind }) => AS_TEXT[kind](`"${name}"`));
  return `to_json(ARRAY[${columns.join(", ")}])::text`;
}

/** A shape less one column: what is written but not kept in the table. */
export function without<Source>(shape: RowShape<Source>, name: string): RowShape<Source> {
  const at = shape.columns.findIndex((column) => column.name === name);
  return {
    ...shape,
    columns: shape.columns.filter((_, index) => index !== at),
    canonical: (source) => shape.canonical(source).filter((_, index) => index !== at),
  };
}

/** A position or a share of which all was taken back has a row, or not. */
export const COUNTS_FOR_SOMETHING =
  "NOT (version = 0 AND qty = 0 AND cost_basis = 0 AND realized_gross = 0 AND fees = 0)";

const AS_TEXT: Readonly<Record<Kind, (column: string) => string>> = {
  plain: (column) => `${column}::text`,
  text: (column) => `${column}::text`,
  numeric: (column) => `trim_scale(${column})::text`,
  instant: (column) => `(extract(epoch FROM ${column}) * 1000)::bigint::text`,
  json: (column) => `${column}::text`,
  list: (column) => `to_json(${column})::text`,
};

export interface Difference {
  readonly table: string;
  /** Which row. */
  readonly key: string;
  /** Null when the whole row is meant. */
  readonly column: string | null;
  readonly stored: Field;
  readonly replayed: Field;
}

/** Column by column; a row that is not there differs as a whole. `stored` is the row's line. */
export function differences<Source>(
  { shape, key }: { readonly shape: RowShape<Source>; readonly key: string },
  stored: string | undefined,
  source: Source,
): readonly Difference[] {
  const { table } = shape;
  if (stored === undefined) {
    return [{ table, key, column: null, stored: null, replayed: "a row" }];
  }
  const replayed = shape.canonical(source);
  // Nearly every row is as it should be: only one that differs is taken apart.
  if (JSON.stringify(replayed) === stored) return [];
  const fields = JSON.parse(stored) as readonly Field[]; // a line of this module
  return shape.columns.flatMap(({ name, kind }, index) => {
    const there = normal(kind, fields[index] ?? null);
    const here = replayed[index] ?? null;
    return there === here ? [] : [{ table, key, column: name, stored: there, replayed: here }];
  });
}

function normal(kind: Kind, field: Field): Field {
  if (field === null || (kind !== "json" && kind !== "list")) return field;
  const parsed: unknown = JSON.parse(field);
  return stableText(parsed);
}
