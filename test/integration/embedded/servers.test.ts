import { fork, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAlive } from "../../../src/embedded/process.ts";
import { holdServers, postgresDirectory, type HeldServers } from "../../../src/embedded/servers.ts";
import { redisIsThere } from "../../support/fresh.ts";

const cacheDirectory = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "fillstream",
);
const searchPath = (process.env["PATH"] ?? "").split(":");

let dataDirectory = "";
const children: ChildProcess[] = [];
const helds: HeldServers[] = [];
beforeEach(() => {
  // A space in the path, as on many a person's disk.
  const parent = mkdtempSync(join(tmpdir(), "fillstream embedded "));
  chmodSync(parent, 0o711);
  dataDirectory = join(parent, "data");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const held of helds.splice(0)) await held.release();
  rmSync(join(dataDirectory, ".."), { recursive: true, force: true });
});

async function hold(): Promise<HeldServers> {
  const held = await holdServers({
    dataDirectory,
    postgres: true,
    redis: redisIsThere(),
    redisSearch: { searchPath, cacheDirectory },
  });
  helds.push(held);
  return held;
}

/** Another process that holds the same servers. */
async function otherHolder(): Promise<ChildProcess> {
  const program = new URL("../../support/holder.ts", import.meta.url);
  const child = fork(program, [dataDirectory, cacheDirectory], {
    execArgv: ["--import", "tsx"],
    stdio: "ignore",
  });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`the holder ended with ${code}`)));
  });
  return child;
}

async function query(url: string, statement: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return JSON.stringify(await sql.unsafe(statement));
  } finally {
    await sql.end();
  }
}

function postmaster(): number {
  const file = join(postgresDirectory(dataDirectory), "postmaster.pid");
  return Number(readFileSync(file, "utf8").split("\n")[0]);
}

describe("the embedded servers", () => {
  test("keep their data from one start to the next, on durable settings", async () => {
    const first = await hold();
    const url = first.postgres?.url ?? "";
    await query(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect(
      await query(
        url,
        "SELECT current_setting('fsync') || current_setting('synchronous_commit') AS on",
      ),
    ).toContain("onon");
    await first.release();
    const second = await hold();
    expect(await query(second.postgres?.url ?? "", "SELECT answer FROM kept")).toBe(
      '[{"answer":42}]',
    );
  });

  test("ask for a password", async () => {
    const { postgres: server } = await hold();
    const url = new URL(server?.url ?? "");
    url.password = "wrong";
    await expect(query(url.href, "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  test("are shared by the processes of a data directory, and stopped by the last", async () => {
    const other = await otherHolder();
    const held = await hold();
    expect(held.postgres?.adopted).toBe(true);
    other.kill("SIGTERM");
    await new Promise((resolve) => other.once("exit", resolve));
    expect(await query(held.postgres?.url ?? "", "SELECT 1 AS one")).toBe('[{"one":1}]');
    const pid = postmaster();
    await held.release();
    expect(isAlive(pid)).toBe(false);
  });

  test("do not outlive a holder that was killed", async () => {
    const other = await otherHolder();
    const pid = postmaster();
    other.kill("SIGKILL");
    await gone(pid);
    const held = await hold();
    expect(held.postgres?.adopted).toBe(false);
  });

  test("are taken over by the next start when their holder was killed a moment ago", async () => {
    const other = await otherHolder();
    const first = await hold();
    await query(first.postgres?.url ?? "", "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.release();
    other.kill("SIGKILL");
    await new Promise((resolve) => other.once("exit", resolve));
    const held = await hold();
    // The guard of the dead would stop them now, were it not dismissed.
    await sleep(2_000);
    const url = held.postgres?.url ?? "";
    expect(await query(url, "SELECT answer FROM kept")).toBe('[{"answer":42}]');
  });

  test("are stopped also when somebody removed their directory", async () => {
    const held = await hold();
    const [postgresPid = 0, redisPid = 0] = [held.postgres?.pid, held.redis?.pid];
    // PostgreSQL may make a file in a directory that was emptied just now.
    const again = { maxRetries: 20, retryDelay: 50 };
    rmSync(dataDirectory, { recursive: true, force: true, ...again });
    await held.release();
    expect([postgresPid, redisPid].filter(isAlive)).toEqual([]);
  });

  test("come back where they were when they die", async () => {
    const held = await hold();
    await query(held.postgres?.url ?? "", "CREATE TABLE kept AS SELECT 42 AS answer");
    process.kill(postmaster(), "SIGKILL");
    await held.postgres?.ended;
    const revived = await held.revive("postgres");
    expect(revived?.url).toBe(held.postgres?.url);
    expect(await query(revived?.url ?? "", "SELECT answer FROM kept")).toBe('[{"answer":42}]');
  });

  test("start over a pid file that names a stranger", async () => {
    const held = await hold();
    await held.release();
    const file = join(postgresDirectory(dataDirectory), "postmaster.pid");
    writeFileSync(file, `${process.pid}\n${dataDirectory}\n0\n5432\n\n127.0.0.1\n1 1\nready\n`);
    expect((await hold()).postgres?.adopted).toBe(false);
  });
});

describe("a data directory that cannot be used is told in one sentence", () => {
  test("when a file is in its way", async () => {
    writeFileSync(dataDirectory, "");
    await expect(hold()).rejects.toThrow(/^The data directory .* cannot be used: .*\.$/);
  });

  test("when another PostgreSQL made it", async () => {
    const held = await hold();
    await held.release();
    writeFileSync(join(postgresDirectory(dataDirectory), "PG_VERSION"), "17\n");
    await expect(hold()).rejects.toThrow("was made by PostgreSQL 17");
  });
});

async function gone(pid: number): Promise<void> {
  const end = Date.now() + 20_000;
  while (isAlive(pid)) {
    if (Date.now() > end) throw new Error(`process ${pid} is still there`);
    await sleep(20);
  }
}
