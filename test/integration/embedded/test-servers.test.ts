import { Redis } from "ioredis";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { freshDatabase, freshRedis, redisIsThere } from "../../support/fresh.ts";

describe("the servers of a test run", () => {
  test("give every file a database that others do not see", async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    const sql = postgres(one.url, { max: 1 });
    const [row] = await sql`SELECT current_database() AS name, version() AS version`;
    expect(new URL(other.url).pathname).not.toBe(`/${row?.["name"]}`);
    expect(row?.["version"]).toContain("PostgreSQL 18");
    await sql.end();
    await Promise.all([one.drop(), other.drop()]);
  });

  test.skipIf(!redisIsThere())("give every file a Redis that others do not see", async () => {
    const [one, other] = await Promise.all([freshRedis(), freshRedis()]);
    const [writer, reader] = [new Redis(one.url), new Redis(other.url)];
    await writer.set("key", "value");
    expect(await reader.get("key")).toBeNull();
    writer.disconnect();
    reader.disconnect();
    await Promise.all([one.drop(), other.drop()]);
  });
});
