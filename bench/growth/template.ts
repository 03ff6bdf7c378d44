// A row that the product wrote, as an expression that writes many like it: whatever in it names one signal
// or one instant becomes a computed piece, the rest stays as it is. So a copy has the form that this
// version writes, and the log folds to the copied rows.
import type { Sql } from "../systems/system.ts";
import { SLOTS } from "./cycle.ts";

export interface Template {
  readonly account: string;
  readonly partition: number;
  readonly firstNumber: number;
  readonly lastNumber: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly startMs: number;
  /** By table: for each row of the pattern, its columns as expressions over `cycles`. */
  readonly tables: ReadonlyMap<string, readonly (readonly [string, string][])[]>;
}

type Row = Readonly<Record<string, unknown>>;

/** Tables whose rows belong to a signal or its order, and the column by which they are found. */
const OF_SIGNALS = [
  ["signals", "id"],
  ["decisions", "signal_id"],
  ["idempotency_keys", "id"],
] as const;
const OF_ORDERS = [
  ["orders", "id"],
  ["broker_references", "order_id"],
  ["broker_orders", "order_id"],
  ["executions", "order_id"],
  ["execution_identities", "order_id"],
] as const;

export async function readTemplate(
  sql: Sql,
  symbols: readonly string[],
  prefix: string,
): Promise<Template> {
  const signals = await sql<
    { id: string; number: string; partition: number; account_id: string; ms: number }[]
  >`
    SELECT s.id, s.number, s.partition, s.account_id,
      (extract(epoch FROM s.received_at) * 1000)::float8 AS ms
    FROM idempotency_keys k JOIN signals s ON s.id = k.id WHERE k.key LIKE ${`${prefix}-%`}
    ORDER BY s.number`;
  const [first, last] = [signals[0], signals.at(-1)];
  if (first === undefined || last === undefined) throw new Error("there is no pattern");
  const ids = signals.map(({ id }) => id);
  const orders = await sql<{ id: string; broker_order_id: string }[]>`
    SELECT id, broker_order_id FROM orders WHERE signal_id = ANY (${ids}::uuid[]) ORDER BY id`;
  const orderIds = orders.map(({ id }) => id);
  const events = await rowsOf(sql, "order_events", `correlation_id = ANY ($1)`, ids);
  const seqs = events.map((event) => Number(event["seq"]));
  const [firstSeq, lastSeq] = [Math.min(...seqs), Math.max(...seqs)];
  if (lastSeq - firstSeq + 1 !== events.length)
    throw new Error("something else was logged between");
  const pattern: Pattern = {
    ...{ firstSeq, seqs: events.length, firstNumber: Number(first.number), signals: ids.length },
    tokens: tokensOf(
      ids,
      orders.map((order) => order.broker_order_id),
      symbols,
      prefix,
    ),
  };
  const found = new Map<string, readonly Row[]>([["order_events", events]]);
  for (const [table, column] of OF_SIGNALS) {
    found.set(table, await rowsOf(sql, table, `${column} = ANY ($1::uuid[])`, ids));
  }
  for (const [table, column] of OF_ORDERS) {
    found.set(table, await rowsOf(sql, table, `${column} = ANY ($1::uuid[])`, orderIds));
  }
  const history = await rowsOf(sql, "position_history", `seq >= $1 AND true`, firstSeq);
  found.set("position_history", history);
  return {
    ...{ account: first.account_id, partition: first.partition, firstSeq, lastSeq },
    ...{ firstNumber: pattern.firstNumber, lastNumber: Number(last.number), startMs: first.ms },
    tables: new Map(
      [...found].map(([table, rows]) => [table, rows.map((row) => columnsOf(table, row, pattern))]),
    ),
  };
}

async function rowsOf(sql: Sql, table: string, where: string, value: unknown): Promise<Row[]> {
  const rows = await sql.unsafe<{ row: Row }[]>(
    `SELECT row_to_json(t) AS row FROM ${table} t WHERE ${where}`,
    [value as never], // a list of ids or a number, as `where` has it
  );
  const types = await sql<{ name: string; type: string }[]>`
    SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped`;
  const typeOf = new Map(types.map(({ name, type }) => [name, type]));
  return rows
    .map(({ row }) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          `${name} ${typeOf.get(name) ?? "text"}`,
          value,
        ]),
      ),
    )
    .map((row) => ({ ...row, seq: row["seq bigint"] }));
}

interface Pattern {
  readonly firstSeq: number;
  readonly seqs: number;
  readonly firstNumber: number;
  readonly signals: number;
  readonly tokens: ReadonlyMap<string, string>;
}

/** What is replaced wherever it stands in a text, and by which column of `cycles`. */
function tokensOf(
  ids: readonly string[],
  brokerIds: readonly string[],
  symbols: readonly string[],
  prefix: string,
): ReadonlyMap<string, string> {
  const stems = ids.map((id): [string, string] => [id.slice(0, -2), stemOf(id)]);
  const brokers = brokerIds.map((id, index): [string, string] => [
    id,
    `'ffffffff-0000-4000-8000-' || lpad(to_hex(c * ${brokerIds.length} + ${index}), 12, '0')`,
  ]);
  const names = symbols
    .slice(0, SLOTS)
    .map((symbol, slot): [string, string] => [symbol, `symbol${slot}`]);
  return new Map([...stems, ...brokers, ...names, [`${prefix}-`, `'past-' || c || '-'`]]);
}

/** An id of the same form: its own instant moved with its cycle, and the cycle for what was random. */
function stemOf(id: string): string {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  const time = `lpad(to_hex(${ms} + shift), 12, '0')`;
  const random = "lpad(to_hex(c), 13, '0')";
  return (
    `substr(${time}, 1, 8) || '-' || substr(${time}, 9) || '-7000-8' || substr(${random}, 1, 3) ` +
    `|| '-' || substr(${random}, 4)`
  );
}

function columnsOf(table: string, row: Row, pattern: Pattern): [string, string][] {
  return Object.entries(row).flatMap(([key, value]): [string, string][] => {
    const [name = "", ...type] = key.split(" ");
    if (type.length === 0 || (table === "position_history" && name === "id")) return [];
    return [[name, expressionOf({ table, name, type: type.join(" "), value }, pattern)]];
  });
}

interface Cell {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

function expressionOf({ table, name, type, value }: Cell, pattern: Pattern): string {
  if (value === null || value === undefined) return `NULL::${type}`;
  const number = Number(value);
  if (name === "seq" || name === "placed_seq") {
    return `first_seq + c * ${pattern.seqs} + ${number - pattern.firstSeq}`;
  }
  if (name === "number")
    return `first_number + c * ${pattern.signals} + ${number - pattern.firstNumber}`;
  // How a position went is only listed, never folded: that the numbers grow is enough.
  if (table === "position_history" && name === "version") return `${number} + c::integer * 2`;
  if (type.startsWith("timestamp"))
    return `timestamptz '${String(value)}' + shift * interval '1 millisecond'`;
  if (Array.isArray(value)) return `${textOf(`{${value.join(",")}}`, pattern)}::${type}`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `(${textOf(text, pattern)})::${type}`;
}

/** A literal with computed pieces. Instants and the acceptance number of a document are pieces as well. */
function textOf(text: string, { tokens, firstNumber, signals }: Pattern): string {
  const names = [...tokens.keys()].toSorted((a, b) => b.length - a.length);
  const pieces = text.split(new RegExp(`(${names.join("|")}|\\b1[0-9]{12}\\b|"number":[0-9]+)`));
  const parts = pieces
    .filter((piece) => piece !== "")
    .map((piece) => {
      const token = tokens.get(piece);
      if (token !== undefined) return `(${token})`;
      if (/^1[0-9]{12}$/.test(piece)) return `(${piece} + shift)`;
      const number = /^"number":([0-9]+)$/.exec(piece)?.[1];
      if (number !== undefined) {
        return `'"number":' || (first_number + c * ${signals} + ${Number(number) - firstNumber})`;
      }
      return `'${piece.replaceAll("'", "''")}'`;
    });
  return parts.length === 0 ? "''" : `(${parts.join(" || ")})`;
}
