// Whoever reads on behind a place reads what comes next alone, however much waits there and however old the
// statistics are by which the planner guesses.
import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresEngineStore } from "../../../src/db/engine-store.ts";
import { PostgresFeeds } from "../../../src/db/feeds.ts";
import { WarmConnections } from "../../../src/db/warm-connections.ts";
import { Desk } from "../../contract/store-cases/scene.ts";
import { openStore, type OpenStore } from "./desk.ts";
import { rowsMet } from "./rows-met.ts";
import { acceptedFirst } from "../../support/accepted-first.ts";

const WAITING = 20_000;
const NEXT = 500;
/** Each that is read is met at most twice: where it begins, and in its turn. */
const MOST = 2 * NEXT + 10;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const desk = await Desk.open(acceptedFirst(store.postgres), 0);
  await desk.commit(...desk.placing(1));
  const sql = store.postgres.queries;
  const accept = (from: number, to: number) => sql`
    INSERT INTO signals (id, partition, number, account_id, instrument_id, body, actor, received_at)
    SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 0, n, 'main', 'SIM:AAPL',
      ${sql.json({ id: "one that nobody can read" })}, 'test', now()
    FROM generate_series(${from}::bigint, ${to}::bigint) AS n`;
  await accept(1, 100);
  await sql`ANALYZE`;
  const tables = await sql<{ name: string }[]>`
    SELECT relid::regclass::text AS name FROM pg_partition_tree('order_events') WHERE isleaf
    UNION ALL SELECT relid::regclass::text FROM pg_partition_tree('signals') WHERE isleaf`;
  for (const { name } of tables) {
    await sql.unsafe(`ALTER TABLE ${name} SET (autovacuum_enabled = false)`);
  }
  await sql`
    INSERT INTO order_events
    SELECT e.partition, n, e.version, e.type, e.account_id, e.order_id, e.at, e.actor, NULL, NULL, e.payload
    FROM (SELECT * FROM order_events WHERE partition = 0 ORDER BY seq DESC LIMIT 1) AS e,
      generate_series(e.seq + 1, ${WAITING}::bigint) AS n`;
  await sql`UPDATE partitions SET last_seq = ${WAITING} WHERE partition = 0`;
  await accept(101, WAITING);
});
afterAll(() => store.close());
const queries = () => store.postgres.queries;

it.each([10, WAITING / 2])("a reader of the log behind event %i", async (seq) => {
  const { found, met } = await rowsMet(queries(), "^order_events", (sql) =>
    new PostgresFeeds(sql).readText(new Map([[0, seq]]), NEXT),
  );
  expect(found).toHaveLength(NEXT);
  expect(met).toBeLessThanOrEqual(MOST);
});

it.each([10, WAITING / 2])("a worker that looks for signals behind number %i", async (number) => {
  const { found, met } = await rowsMet(queries(), "^signals", (sql) =>
    new PostgresEngineStore(sql, new WarmConnections([sql])).signalsAfter(0, number, NEXT),
  );
  expect(found).toHaveLength(NEXT);
  expect(met).toBeLessThanOrEqual(MOST);
});

it("a reader at the end of the log", async () => {
  const { found } = await rowsMet(queries(), "^order_events", (sql) =>
    new PostgresFeeds(sql).readText(new Map([[0, WAITING - 5]]), NEXT),
  );
  expect(found).toHaveLength(5);
});

it("a reader whose place is archived goes on where the log begins", async () => {
  const sql = store.postgres.queries;
  await sql`
    INSERT INTO order_events
    SELECT 1, n, version, type, account_id, order_id, at, actor, NULL, NULL, payload
    FROM (SELECT * FROM order_events WHERE partition = 0 AND seq = 1) AS e, generate_series(900, 909) AS n`;
  await sql`UPDATE partitions SET last_seq = 909 WHERE partition = 1`;
  const cursor = new Map([[0, WAITING]]);
  const found = await store.postgres.feeds.readText(cursor, NEXT);
  expect(found.map(({ partition, seq }) => [partition, seq])).toEqual(
    Array.from({ length: 10 }, (_, index) => [1, 900 + index]),
  );
});
