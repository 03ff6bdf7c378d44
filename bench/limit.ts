// The machine's own limit, in the same run: the rows of an order written in batches by a bare script, and
// one commit with one hop through a Redis stream, with the settings that everyone else has.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import postgres from "postgres";
import { percentiles, type Percentiles } from "./percentiles.ts";
import type { House } from "./parts/house.ts";

export interface Limit {
  /** Orders a second whose rows one connection writes in batches. */
  readonly ordersPerSecond: number;
  /** One commit, then XADD until XREADGROUP has it, in milliseconds. */
  readonly commitAndHop: Percentiles;
}

const BATCH = 200;
const BATCHES = 40;
const HOPS = 400;

export async function measureLimit(house: House): Promise<Limit> {
  const url = await house.createDatabase("bare");
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(readFileSync(join(import.meta.dirname, "peers", "schema.sql"), "utf8"));
  const ordersPerSecond = await writeBatches(sql, house.symbols);
  const commitAndHop = await hop(sql, house.redisUrl);
  await sql.end();
  return { ordersPerSecond, commitAndHop };
}

type Sql = ReturnType<typeof postgres>;

/** Accept, intend, fill: three commits for each batch, as three stages would write them. */
async function writeBatches(sql: Sql, symbols: readonly string[]): Promise<number> {
  const start = performance.now();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const ids = Array.from({ length: BATCH }, () => crypto.randomUUID());
    const names = ids.map((_, index) => symbols[index % symbols.length] ?? "");
    await sql`INSERT INTO signals (id, client_signal_id, body)
      SELECT id, id, '{"symbol":"BAAX","side":"buy","qty":"1"}' FROM unnest(${ids}::uuid[]) id`;
    await sql`INSERT INTO orders (id, signal_id, symbol, side, qty, status)
      SELECT id, id, symbol, 'buy', 1, 'submitted'
      FROM unnest(${ids}::uuid[], ${names}::text[]) AS new (id, symbol)`;
    await sql`WITH fill AS (
        INSERT INTO executions (id, order_id, qty, price, executed_at)
        SELECT id, id, 1, 100, now() FROM unnest(${ids}::uuid[]) id RETURNING order_id),
      filled AS (
        UPDATE orders SET status = 'filled', filled_qty = 1, filled_price = 100, updated_at = now()
        FROM fill WHERE orders.id = fill.order_id RETURNING orders.symbol)
      INSERT INTO positions AS p (symbol, qty, cost)
      SELECT symbol, count(*), count(*) * 100 FROM filled GROUP BY symbol
      ON CONFLICT (symbol) DO UPDATE SET qty = p.qty + excluded.qty, cost = p.cost + excluded.cost`;
  }
  return (BATCH * BATCHES * 1000) / (performance.now() - start);
}

async function hop(sql: Sql, redisUrl: string): Promise<Percentiles> {
  const [writer, reader] = [new Redis(redisUrl), new Redis(redisUrl)];
  await writer.xgroup("CREATE", "bench:hop", "g", "$", "MKSTREAM");
  const times: number[] = [];
  for (let index = 0; index < HOPS; index += 1) {
    const start = performance.now();
    const id = crypto.randomUUID();
    await sql`INSERT INTO signals (id, client_signal_id, body) VALUES (${id}, ${id}, '{}')`;
    const read = reader.xreadgroup(
      ...(["GROUP", "g", "c", "BLOCK", 1000, "STREAMS", "bench:hop", ">"] as const),
    );
    await writer.xadd("bench:hop", "*", "id", id);
    await read;
    times.push(performance.now() - start);
  }
  writer.disconnect();
  reader.disconnect();
  return percentiles(times);
}
