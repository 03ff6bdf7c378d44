// A database with a past, made once by set-based SQL and kept in bench/.cache: copies of a pattern that
// the product worked off, spread over the year before, on as many symbols as there are to be positions.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { openHouse, type House } from "../parts/house.ts";
import { startFillstream } from "../systems/fillstream.ts";
import { openSql, type Sql } from "../systems/system.ts";
import { ORDERS_PER_CYCLE, sendCycle, SLOTS } from "./cycle.ts";
import { readTemplate, type Template } from "./template.ts";

export interface PastOptions {
  readonly orders: number;
  readonly positions: number;
  /** Which part of the log is kept, the newest; older parts are as if archived. */
  readonly logShare: number;
}

export interface Past {
  readonly house: House;
  readonly databaseUrl: string;
}

const DATABASE = "past";
/** Keys of the last 29 days. */
const KEYS_SHARE = 29 / 365;
const CHUNK = 1_000;
const DAY_MS = 86_400_000;
/** The half of all cycles is on these, as a few symbols have most orders everywhere. */
const BUSY_SYMBOLS = 200;
const PATTERN = "pattern";

/** A house whose PostgreSQL has that past, and whose broker holds what the positions say. */
export async function openPast(options: PastOptions, say: (text: string) => void): Promise<Past> {
  const directory = cacheOf(options);
  const [postgresDirectory, done] = [join(directory, "postgres"), join(directory, "done")];
  const isNew = !existsSync(done);
  if (isNew) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }
  const house = await openHouse({ symbols: options.positions, postgresDirectory });
  const databaseUrl = house.postgresUrl.replace(/\/[^/]*$/, `/${DATABASE}`);
  try {
    if (isNew) {
      await make(house, options, say);
      writeFileSync(done, "");
    } else {
      await holdPositions(house, databaseUrl);
    }
    return { house, databaseUrl };
  } catch (error: unknown) {
    await house.close();
    throw error;
  }
}

/** Another schema, another size or another generator is another past. */
function cacheOf(options: PastOptions): string {
  const journal = join(import.meta.dirname, "..", "..", "drizzle", "meta", "_journal.json");
  const sources = ["past.ts", "template.ts", "cycle.ts"].map((name) =>
    readFileSync(join(import.meta.dirname, name)),
  );
  const hash = createHash("sha256").update(readFileSync(journal)).update(JSON.stringify(options));
  for (const source of sources) hash.update(source);
  const name = `past-${hash.digest("hex").slice(0, 12)}`;
  return join(import.meta.dirname, "..", ".cache", name);
}

async function make(house: House, options: PastOptions, say: (text: string) => void) {
  const began = performance.now();
  const system = await startFillstream(house, { database: { name: DATABASE } });
  try {
    // The first one also asks for the prices, which later ones find.
    await sendCycle(system, house.symbols, "first");
    await sendCycle(system, house.symbols, PATTERN);
  } finally {
    await system.stop();
  }
  const sql = openSql(house.postgresUrl.replace(/\/[^/]*$/, `/${DATABASE}`));
  try {
    await copy(sql, await readTemplate(sql, house.symbols, PATTERN), options, say);
    await holdPositions(house, null, sql);
  } finally {
    await sql.end();
  }
  say(`the past took ${((performance.now() - began) / 1000).toFixed(0)} s to make`);
}

async function copy(
  sql: Sql,
  template: Template,
  { orders, positions, logShare }: PastOptions,
  say: (text: string) => void,
): Promise<void> {
  const cycles = Math.ceil(orders / ORDERS_PER_CYCLE);
  const { partition } = template;
  const [firstSeq, firstNumber] = [template.lastSeq + 1, template.lastNumber + 1];
  const lastSeq = template.lastSeq + cycles * (template.lastSeq - template.firstSeq + 1);
  const lastNumber =
    template.lastNumber + cycles * (template.lastNumber - template.firstNumber + 1);
  await sql`SELECT fillstream_make_ranges(now() - interval '13 months', 13)`;
  await sql`
    SELECT fillstream_make_range('order_events', 'order_events_' || lpad(piece::text, 5, '0'), 'seq',
      (piece * 4194304)::text, ((piece + 1) * 4194304)::text)
    FROM generate_series(0, ${lastSeq}::bigint / 4194304 + 1) AS piece`;
  // The year before, until an hour ago.
  const gapMs = Math.floor((365 * DAY_MS) / cycles);
  const oldest = Math.round(Date.now() - 3_600_000 - gapMs * cycles - template.startMs);
  const series = (from: number, to: number): string =>
    `(SELECT c, ${oldest}::bigint + c * ${gapMs} AS shift, ${firstSeq}::bigint AS first_seq,
        ${firstNumber}::bigint AS first_number, ${symbolColumns(positions)}
      FROM generate_series(${from}::bigint, ${to}) AS c) AS cycles`;
  const logFrom = Math.floor(cycles * (1 - logShare));
  // The upkeep has taken away what is older than a month.
  const keysFrom = Math.floor(cycles * (1 - KEYS_SHARE));
  for (let from = 0; from < cycles; from += CHUNK) {
    const to = Math.min(from + CHUNK, cycles) - 1;
    await sql.begin(async (transaction) => {
      // No trigger asks whether a copy may be made, and nobody waits for its commit.
      await transaction`SET LOCAL session_replication_role = replica`;
      await transaction`SET LOCAL synchronous_commit = off`;
      for (const [table, rows] of template.tables) {
        if (table === "order_events" && to < logFrom) continue;
        if (table === "idempotency_keys" && to < keysFrom) continue;
        await transaction.unsafe(insertion(table, rows, series(from, to)));
      }
    });
    if ((from / CHUNK) % 10 === 0) say(`${to + 1} of ${cycles} cycles of the past`);
  }
  await foldPositions(sql, firstSeq);
  await sql`
    UPDATE partitions SET last_seq = ${lastSeq}, decided_signals = ${lastNumber}
    WHERE partition = ${partition}`;
  await sql`
    UPDATE acceptance_counters SET last_number = ${lastNumber}
    WHERE partition = ${partition} AND lane = 'signals'`;
  await sql`UPDATE feed_cursors SET seq = ${lastSeq} WHERE partition = ${partition}`;
  await sql`
    INSERT INTO portfolio_snapshots (account_id, at, realized_pnl, fees, open_positions, unpriced)
    SELECT ${template.account}, date_trunc('minute', now()) - n * interval '1 minute', 0, 0, 0, 0
    FROM generate_series(1, 90 * 1440) AS n ON CONFLICT DO NOTHING`;
  say("analysing");
  await sql.unsafe("VACUUM ANALYZE");
}

/** The symbol of each slot, as parts/broker.ts names them: even cycles use the busy ones. */
function symbolColumns(positions: number): string {
  const busy = Math.min(BUSY_SYMBOLS, positions);
  return Array.from({ length: SLOTS }, (_, slot) => {
    const place = `(c / 2 * ${SLOTS} + ${slot})`;
    const n = `(CASE WHEN c % 2 = 0 THEN ${place} % ${busy} ELSE ${place} % ${positions} END)::int`;
    const letter = (part: string): string => `chr(65 + (${part}) % 26)`;
    return `'B' || ${letter(n)} || ${letter(`${n} / 26`)} || ${letter(`${n} / 676`)} AS symbol${slot}`;
  }).join(", ");
}

function insertion(table: string, rows: readonly (readonly [string, string][])[], series: string) {
  const columns = (rows[0] ?? []).map(([name]) => name).join(", ");
  const selects = rows.map(
    (row) => `SELECT ${row.map(([, expression]) => expression).join(", ")} FROM ${series}`,
  );
  return `INSERT INTO ${table} (${columns}) ${selects.join(" UNION ALL ")}`;
}

/** Every price is 100, so what was paid for a holding follows from how much it is. */
async function foldPositions(sql: Sql, firstSeq: number): Promise<void> {
  for (const strategy of ["NULL::text", "e.strategy_id"]) {
    await sql.unsafe(`
      INSERT INTO position_states AS p (account_id, instrument_id, strategy_id, partition, qty,
        cost_basis, realized_gross, fees, opened_at, updated_at, last_fill_at, version)
      SELECT e.account_id, e.instrument_id, ${strategy}, min(e.partition), sum(v.change),
        sum(v.change) * 100, 0, 0, min(e.executed_at), max(e.executed_at), max(o.closed_at), count(*)
      FROM executions e JOIN orders o ON o.id = e.order_id
      CROSS JOIN LATERAL (SELECT CASE e.side WHEN 'buy' THEN e.qty ELSE -e.qty END AS change) AS v
      WHERE e.seq >= ${firstSeq} ${strategy === "e.strategy_id" ? "AND e.strategy_id IS NOT NULL" : ""}
      GROUP BY 1, 2, 3
      ON CONFLICT (account_id, instrument_id, strategy_id) DO UPDATE SET qty = p.qty + excluded.qty,
        cost_basis = p.cost_basis + excluded.cost_basis, version = p.version + excluded.version,
        opened_at = least(p.opened_at, excluded.opened_at),
        updated_at = greatest(p.updated_at, excluded.updated_at), last_fill_at = excluded.last_fill_at`);
  }
  // Each share of a strategy knows the last fill of its instrument, whoever it was for.
  await sql`
    UPDATE position_states p SET last_fill_at = w.last_fill_at FROM position_states w
    WHERE p.strategy_id IS NOT NULL AND w.strategy_id IS NULL
      AND w.account_id = p.account_id AND w.instrument_id = p.instrument_id`;
}

/** The broker of this run is new, and must not contradict the record. */
async function holdPositions(house: House, url: string | null, open?: Sql): Promise<void> {
  const sql = open ?? openSql(url ?? "");
  const rows = await sql<{ account: string; symbol: string; qty: number }[]>`
    SELECT account_id AS account, split_part(instrument_id, ':', 2) AS symbol, qty::float8 AS qty
    FROM position_states WHERE strategy_id IS NULL AND qty <> 0`;
  // What this very broker filled while the pattern was made, it holds already.
  const { arrivals } = await house.takeLedger();
  if (arrivals.length > 0) await house.tellBroker({ word: "forget" });
  for (const [key, positions] of grouped(rows)) {
    await house.tellBroker({ word: "hold", key, positions });
  }
  if (open === undefined) await sql.end();
}

function grouped(rows: readonly { account: string; symbol: string; qty: number }[]) {
  const accounts = new Map<string, Record<string, number>>();
  for (const { account, symbol, qty } of rows) {
    const own = accounts.get(account) ?? {};
    own[symbol] = qty;
    accounts.set(account, own);
  }
  return accounts;
}
