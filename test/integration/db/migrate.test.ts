// Migrations: from nothing, by many at once, and again.
import { afterEach, describe, expect, it } from "vitest";
import journal from "../../../drizzle/meta/_journal.json" with { type: "json" };
import { connect } from "../../../src/db/client.ts";
import { PartitionsDiffer, settlePartitions } from "../../../src/db/deployment.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { ACCOUNT_ROW } from "../../../src/db/projections/account-row.ts";
import { DECISION_ROW } from "../../../src/db/projections/decision-row.ts";
import { EVENT_ROW } from "../../../src/db/projections/event-row.ts";
import { EXECUTION_ROW } from "../../../src/db/projections/execution-row.ts";
import { NAME_ROW } from "../../../src/db/projections/name-row.ts";
import { ORDER_ROW } from "../../../src/db/projections/order-row.ts";
import { POSITION_ROW } from "../../../src/db/projections/position-row.ts";
import { blankDatabase, type FreshDatabase } from "../../support/fresh.ts";

let database: FreshDatabase | null = null;
afterEach(async () => {
  await database?.drop();
  database = null;
});

describe("migrate", () => {
  it("makes an empty database ours, once, when many processes start together", async () => {
    database = await blankDatabase();
    const { url } = database;
    await Promise.all([migrate(url), migrate(url), migrate(url)]);
    await migrate(url);
    const sql = connect({ url, maxConnections: 1, name: "test" });
    const [row] = await sql`
      SELECT (SELECT count(*) FROM drizzle.__drizzle_migrations)::int AS migrations,
        (SELECT count(*) FROM configs)::int > 20 AS seeded`;
    expect(row).toEqual({ migrations: journal.entries.length, seeded: true });
    await sql.end();
  });

  it("settles the number of partitions, and refuses another one with the way out", async () => {
    database = await blankDatabase();
    await migrate(database.url);
    const sql = connect({ url: database.url, maxConnections: 1, name: "test" });
    await settlePartitions(sql, 16);
    await settlePartitions(sql, 16);
    await expect(settlePartitions(sql, 8)).rejects.toThrow(PartitionsDiffer);
    await expect(settlePartitions(sql, 8)).rejects.toThrow("set PARTITIONS=16");
    const [row] = await sql`SELECT count(*)::int AS partitions FROM partitions`;
    expect(row?.["partitions"]).toBe(16);
    await sql.end();
  });

  it("has the composite types with the fields in the order in which rows are written", async () => {
    database = await blankDatabase();
    await migrate(database.url);
    const sql = connect({ url: database.url, maxConnections: 1, name: "test" });
    const shapes = {
      fillstream_event_row: EVENT_ROW,
      fillstream_decision_row: DECISION_ROW,
      fillstream_order_row: ORDER_ROW,
      fillstream_execution_row: EXECUTION_ROW,
      fillstream_position_row: POSITION_ROW,
      fillstream_account_row: ACCOUNT_ROW,
      fillstream_name_row: NAME_ROW,
    };
    for (const [type, shape] of Object.entries(shapes)) {
      const fields = await sql<{ name: string }[]>`
        SELECT attname AS name FROM pg_attribute
        WHERE attrelid = ${type}::regclass AND attnum > 0 ORDER BY attnum`;
      expect(fields.map(({ name }) => name)).toEqual(shape.columns.map(({ name }) => name));
    }
    await sql.end();
  });
});
