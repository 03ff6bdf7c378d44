// What a backup must hold, read from the database's own catalog, so that a new table is never forgotten.
import type postgres from "postgres";
import type { Range } from "./format.ts";

/** Either a client or the transaction in which everything happens. */
export type Session = postgres.Sql | postgres.TransactionSql;

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Every table that holds rows of ours; the ranges of a partitioned one are read through it. */
export async function tables(sql: Session): Promise<Table[]> {
  const rows = await sql<{ name: string; columns: string[] }[]>`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.oid, c.relname ORDER BY c.relname`;
  return parentsFirst(rows, await references(sql));
}

interface Reference {
  readonly child: string;
  readonly parent: string;
}

function references(sql: Session): Promise<Reference[]> {
  return sql<Reference[]>`
    SELECT DISTINCT child.relname AS child, parent.relname AS parent
    FROM pg_constraint k
    JOIN pg_class child ON child.oid = k.conrelid
    JOIN pg_class parent ON parent.oid = k.confrelid
    WHERE k.contype = 'f' AND child.oid <> parent.oid`;
}

/** A row that another refers to must be there first. */
function parentsFirst(all: readonly Table[], references: readonly Reference[]): Table[] {
  const placed = new Set<string>();
  const ordered: Table[] = [];
  const place = (table: Table, path: readonly string[]): void => {
    if (placed.has(table.name) || path.includes(table.name)) return;
    for (const { parent } of references.filter(({ child }) => child === table.name)) {
      const before = all.find(({ name }) => name === parent);
      if (before !== undefined) place(before, [...path, table.name]);
    }
    placed.add(table.name);
    ordered.push(table);
  };
  for (const table of all) place(table, []);
  return ordered;
}

/** The cuts of the growing tables; the default range is part of the migrations. */
export async function ranges(sql: Session): Promise<Range[]> {
  const rows = await sql<{ parent: string; child: string; key: string; bound: string }[]>`
    SELECT parent.relname AS parent, child.relname AS child,
      pg_get_partkeydef(parent.oid) AS key, pg_get_expr(child.relpartbound, child.oid) AS bound
    FROM pg_inherits i
    JOIN pg_class child ON child.oid = i.inhrelid
    JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE child.relispartition AND child.relkind = 'r'
    ORDER BY child.relname`;
  return rows.flatMap(({ parent, child, key, bound }) => {
    const limits = /^FOR VALUES FROM \('([^']+)'\) TO \('([^']+)'\)$/.exec(bound);
    const column = /^RANGE \("?(\w+)"?\)$/.exec(key);
    const [low, high, name] = [limits?.[1], limits?.[2], column?.[1]];
    if (low === undefined || high === undefined || name === undefined) return [];
    return [{ parent, child, key: name, low, high }];
  });
}

export async function sequences(
  sql: Session,
): Promise<{ name: string; value: string; isCalled: boolean }[]> {
  const rows = await sql<{ name: string; start: string; last: string | null }[]>`
    SELECT sequencename AS name, start_value::text AS start, last_value::text AS last
    FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`;
  return rows.map(({ name, start, last }) => ({
    name,
    value: last ?? start,
    isCalled: last !== null,
  }));
}

/** Names come from the catalog, but a quote in one must still not end it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
