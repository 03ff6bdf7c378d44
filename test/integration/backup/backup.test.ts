import {
  readdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tables } from "../../../src/db/backup/catalog.ts";
import { backup } from "../../../src/db/backup/dump.ts";
import { restore } from "../../../src/db/backup/restore.ts";
import { blankDatabase, freshDatabase, type FreshDatabase } from "../../support/fresh.ts";

let directory = "";
let source: FreshDatabase;
let file = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-backup-"));
  file = join(directory, "backup");
  source = await freshDatabase();
  await fill(source.url);
  await backup(source.url, file);
});
afterAll(async () => {
  await source.drop();
  rmSync(directory, { recursive: true, force: true });
});

const nastyText = 'tab\t line\n back\\slash \\. quote" ünïcode \u2028';

async function fill(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql`UPDATE configs SET value = '20000' WHERE key = 'max_position_size_usd'`;
  await sql`INSERT INTO order_events (partition, seq, version, type, account_id, at, actor, payload)
    SELECT 3, n, 1, 'SignalReceived', 'mock', now(), ${nastyText},
      json_build_object('n', n, 'text', ${nastyText}::text)
    FROM generate_series(1, 20000) n`;
  await sql`INSERT INTO deployment (partitions) VALUES (16)`;
  await sql`INSERT INTO leases (name, owner, epoch, until) VALUES ('partition:3', 'gone', 7, now() - interval '1 minute')`;
  await sql.end();
}

/** Every row of every table as text, but for what a restore changes on purpose. */
async function contents(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1, fetch_types: false });
  const found: Record<string, string> = {};
  const changed = [
    "leases",
    "partitions",
    "configs",
    "deployment",
    "config_history",
    "config_version",
    "trading_version",
  ];
  for (const { name } of await tables(sql)) {
    if (changed.includes(name)) continue;
    const [row] = await sql.unsafe<{ digest: string }[]>(
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${name}" t`,
    );
    found[name] = row?.digest ?? "";
  }
  await sql.end();
  return found;
}

async function nameOf(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<{ id: string }[]>`SELECT id FROM deployment`;
  return row?.id ?? "";
}

describe("a backup", () => {
  test("brings every row of every table back, whatever is in it", async () => {
    const target = await freshDatabase();
    const { rows } = await restore(target.url, file, { replace: false });
    expect(rows).toBeGreaterThan(20_000);
    expect(await contents(target.url)).toEqual(await contents(source.url));
    await target.drop();
  });

  test("leaves nothing open: trading is reducing, leases are free, and old epochs are behind", async () => {
    const target = await freshDatabase();
    await restore(target.url, file, { replace: false });
    const sql = postgres(target.url, { max: 1 });
    const before = postgres(source.url, { max: 1, fetch_types: false });
    const limits = await sql`SELECT key, value FROM configs
      WHERE key IN ('trading_state', 'max_position_size_usd') ORDER BY key`;
    expect(limits).toEqual([
      { key: "max_position_size_usd", value: "20000" },
      { key: "trading_state", value: "reducing" },
    ]);
    // Entries in Redis of the time that is gone bear the old name.
    expect(await nameOf(sql)).not.toBe(await nameOf(before));
    const [lease] = await sql`SELECT owner, epoch::int FROM leases WHERE name = 'partition:3'`;
    expect(lease).toEqual({ owner: null, epoch: 1_000_007 });
    // The log is protected again.
    await expect(sql`DELETE FROM order_events`).rejects.toThrow("append-only");
    await Promise.all([sql.end(), before.end()]);
    await target.drop();
  });

  test("of a database that was never set up is refused, and leaves no file", async () => {
    const blank = await blankDatabase();
    const none = join(directory, "none");
    await expect(backup(blank.url, none)).rejects.toThrow("never set up");
    expect(readdirSync(directory).filter((name) => name.startsWith("none"))).toEqual([]);
    await blank.drop();
  });

  test("beside another to the same name leaves that one whole, and nothing half", async () => {
    const both = join(directory, "both");
    const made = await Promise.allSettled([backup(source.url, both), backup(source.url, both)]);
    const failed = made.filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([{ reason: { code: "EEXIST" } }]);
    expect(readdirSync(directory).filter((name) => name.startsWith("both"))).toEqual(["both"]);
    const target = await freshDatabase();
    await restore(target.url, both, { replace: false });
    await target.drop();
  });

  test("is for its owner alone", () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("a restore is refused, and changes nothing,", () => {
  test("into a database that holds something, unless that may be thrown away", async () => {
    const target = await freshDatabase();
    await restore(target.url, file, { replace: false });
    await expect(restore(target.url, file, { replace: false })).rejects.toThrow("already holds");
    await restore(target.url, file, { replace: true });
    expect(await contents(target.url)).toEqual(await contents(source.url));
    await target.drop();
  });

  test.each([
    ["a limit that somebody set", "UPDATE configs SET value = '7' WHERE key = 'max_open_orders'"],
    [
      "a rate of a currency",
      "INSERT INTO fx_rates (from_currency, to_currency, date, rate, source) VALUES ('EUR', 'USD', '2026-01-02', 1.1, 'somebody')",
    ],
  ])("into a database that holds %s", async (_, statement) => {
    const target = await freshDatabase();
    const sql = postgres(target.url, { max: 1 });
    await sql.unsafe(statement);
    await expect(restore(target.url, file, { replace: false })).rejects.toThrow("already holds");
    await sql.end();
    await target.drop();
  });

  test("while a worker runs", async () => {
    const target = await freshDatabase();
    const sql = postgres(target.url, { max: 1 });
    await sql`INSERT INTO leases (name, owner, epoch, until) VALUES ('partition:1', 'w1', 1, now() + interval '1 minute')`;
    await expect(restore(target.url, file, { replace: true })).rejects.toThrow("still runs");
    await sql.end();
    await target.drop();
  });

  test("from a file that was cut short or is none", async () => {
    const target = await freshDatabase();
    const before = await contents(target.url);
    const short = join(directory, "short");
    writeFileSync(short, readFileSync(file));
    truncateSync(short, Math.floor(statSync(file).size / 2));
    await expect(restore(target.url, short, { replace: true })).rejects.toThrow(
      /cut short|unexpected end/,
    );
    const other = join(directory, "other");
    writeFileSync(other, "hello");
    await expect(restore(target.url, other, { replace: true })).rejects.toThrow("incorrect header");
    expect(await contents(target.url)).toEqual(before);
    await target.drop();
  });
});
