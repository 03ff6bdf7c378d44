// Rows as the commit sends them: each a composite literal, all rows of a table one array of them. On
// fifty columns this took half the time of one array per column, of JSON and of JSONB (docs/adr/0010).
import type { Decimal } from "../../domain/decimal.ts";
import { textArray } from "../array-literal.ts";

/**
 * How a value is written, and how a row that was read is compared with one that was rebuilt: `plain`
 * needs no quotes (uuid, whole number, switch, closed word), an `instant` travels as milliseconds.
 */
export type Kind = "plain" | "text" | "numeric" | "instant" | "json" | "list";
export interface Column {
  readonly name: string;
  readonly kind: Kind;
}
export type Field = string | null;

/** A table as the projection fills it: the columns in the order of its composite type. */
export interface RowShape<Source> {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly fields: (source: Source) => readonly Field[];
  /** The same values as text that does not depend on how they are stored: to compare rows with. */
  readonly canonical: (source: Source) => readonly Field[];
}

type Cell<Source> = readonly [name: string, kind: Kind, read: (source: Source) => unknown];

/** One line per column: its name, its kind and where it comes from cannot drift apart. */
export function rowShape<Source>(table: string, cells: readonly Cell<Source>[]): RowShape<Source> {
  const fields = cells.map((cell) => fieldOf(cell, WRITERS));
  const canonical = cells.map((cell) => fieldOf(cell, CANONICAL));
  return {
    table,
    columns: cells.map(([name, kind]) => ({ name, kind })),
    fields: (source) => fields.map((read) => read(source)),
    canonical: (source) => canonical.map((read) => read(source)),
  };
}

type Writers = Readonly<Record<Kind, (value: unknown) => string>>;

function fieldOf<Source>([, kind, read]: Cell<Source>, writers: Writers) {
  const write = writers[kind];
  return (source: Source): Field => {
    const value = read(source);
    return value === null || value === undefined ? null : write(value);
  };
}

const WRITERS: Writers = {
  plain: String,
  text: String,
  numeric: (value) => (value as Decimal).toString(), // the cells of this kind read decimals
  instant: String,
  json: (value) => JSON.stringify(value),
  list: (value) => textArray(value as readonly string[]), // the cells of this kind read lists of text
};

const CANONICAL: Writers = { ...WRITERS, json: stableText, list: (value) => JSON.stringify(value) };

/** JSON with its keys in order: the same document is the same text, whoever wrote it. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : inner,
  );
}

/** Characters that a composite literal takes for its own. */
const SPECIAL = /["\\(),\s]/;
const DOUBLED = /["\\]/g;

function quoted(value: string): string {
  if (value !== "" && !SPECIAL.test(value)) return value;
  return `"${value.replace(DOUBLED, "$&$&")}"`;
}

const NEEDS_QUOTES: ReadonlySet<Kind> = new Set(["text", "json", "list"]);

/** `(a,b,,"c d")`: empty is null. */
export function tuple<Source>(shape: RowShape<Source>, source: Source): string {
  const parts = shape.fields(source).map((field, index) => {
    if (field === null) return "";
    const kind = shape.columns[index]?.kind;
    return kind !== undefined && NEEDS_QUOTES.has(kind) ? quoted(field) : field;
  });
  return `(${parts.join(",")})`;
}

/** For `json_to_recordset`: each column under its name. */
export function jsonRow<Source>(
  shape: RowShape<Source>,
  source: Source,
): Readonly<Record<string, Field>> {
  const fields = shape.fields(source);
  return Object.fromEntries(shape.columns.map(({ name }, index) => [name, fields[index] ?? null]));
}
