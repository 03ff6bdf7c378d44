// What the exchange has told anyone survives kill -9.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exists, isAlive } from "../../../src/embedded/process.ts";
import { startExchange } from "../../../src/exchange/serve.ts";
import { KEYS } from "./lab.ts";

const SCRIPT = fileURLToPath(new URL("./standalone.ts", import.meta.url));
let directory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-exchange-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line };
  throw new Error("the exchange did not start");
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function post(url: string, index: number): Promise<Record<string, unknown> | null> {
  const body = {
    symbol: index % 3 === 0 ? "MSFT" : "AAPL",
    qty: "1",
    side: "buy",
    type: index % 2 === 0 ? "market" : "limit",
    ...(index % 2 === 0 ? {} : { limit_price: "100" }),
    time_in_force: "gtc",
    client_order_id: `kill-${index}`,
  };
  try {
    const response = await fetch(`${url}/v2/orders`, {
      method: "POST",
      headers: { ...KEYS, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.status === 200 ? ((await response.json()) as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function read(url: string, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, { headers: KEYS });
  return (await response.json()) as Record<string, unknown>;
}

test("every acknowledged order is there after kill -9, again and again", async () => {
  const acknowledged = new Map<string, string>();
  let index = 0;
  for (let round = 0; round < 3; round += 1) {
    const { child, url } = await start();
    const senders = Array.from({ length: 8 }, async () => {
      for (;;) {
        const mine = (index += 1);
        const order = await post(url, mine);
        if (order === null) return;
        acknowledged.set(`kill-${mine}`, String(order.id));
        if (acknowledged.size >= 40 * (round + 1)) child.kill("SIGKILL");
      }
    });
    await Promise.all([exited(child), ...senders]);
  }
  const { url } = await start();
  expect(acknowledged.size).toBeGreaterThanOrEqual(120);
  const ids = new Map<string, string>();
  const { orders } = await read(url, "/control/ledger/orders?limit=10000");
  for (const { id, client_order_id } of orders as Record<string, string>[]) {
    expect(ids.has(String(client_order_id))).toBe(false);
    ids.set(String(client_order_id), String(id));
  }
  for (const [clientOrderId, id] of acknowledged) expect(ids.get(clientOrderId)).toBe(id);
  expect(new Set(ids.values()).size).toBe(ids.size);
  const again = await post(url, 1);
  expect(again).toBeNull();
});

test("positions, money and open orders go on where they were", async () => {
  const first = await start();
  for (let index = 1; index <= 6; index += 1) await post(first.url, index);
  const before = await read(first.url, "/control/ledger/accounts/lab");
  const open = await read(first.url, "/v2/orders?direction=asc");
  const gone = exited(first.child);
  first.child.kill("SIGKILL");
  await gone;
  const second = await start();
  const after = await read(second.url, "/control/ledger/accounts/lab");
  expect(after).toMatchObject({ id: before.id, cash: before.cash, reserved: before.reserved });
  expect(Object.keys(after.positions as object)).toEqual(Object.keys(before.positions as object));
  expect(await read(second.url, "/v2/orders?direction=asc")).toEqual(open);
});

test("half a line at the end is dropped, a broken line before it is not passed over", async () => {
  const options = { port: 0, dataDir: directory, seed: "torn", tickMs: 3_600_000 };
  const first = await startExchange(options);
  await post(first.url, 1);
  await first.stop();
  const path = join(directory, "ledger.jsonl");
  const whole = readFileSync(path, "utf8");
  appendFileSync(path, '{"o":{"id":"half');
  const second = await startExchange(options);
  expect((await read(second.url, "/control/ledger/orders")).total).toBe(1);
  await second.stop();
  writeFileSync(path, whole.replace('{"o":', '{"o"'));
  await expect(startExchange(options)).rejects.toThrow("ledger.jsonl");
});

test("two exchanges cannot share a ledger", async () => {
  const { child } = await start();
  expect(child.pid).toBeGreaterThan(0);
  await expect(startExchange({ port: 0, dataDir: directory, tickMs: 3_600_000 })).rejects.toThrow(
    `process ${child.pid}`,
  );
});

test("a killed exchange that nobody has waited for yet does not hold the ledger", async () => {
  // The shell turns into a program that never waits for its child, as a busy first process may not for long.
  const command = `"${process.execPath}" --import tsx "${SCRIPT}" "${directory}" & echo $!; exec sleep 600`;
  const parent = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(parent);
  const lines: string[] = [];
  for await (const line of createInterface({ input: parent.stdout })) {
    if (lines.push(line) === 2) break;
  }
  const killed = Number(lines.find((line) => /^\d+$/.test(line)));
  process.kill(killed, "SIGKILL");
  while (isAlive(killed)) await sleep(5);
  expect(exists(killed)).toBe(true);
  expect((await start()).url).toMatch(/^http/);
});

test("a stranger with the number of a dead owner does not hold the ledger", async () => {
  writeFileSync(join(directory, "lock"), `${process.ppid}\nanother boot:1\n`);
  expect((await start()).url).toMatch(/^http/);
});

test("a long ledger is written anew, and says the same", async () => {
  const options = { port: 0, dataDir: directory, seed: "long", tickMs: 3_600_000 };
  const first = await startExchange(options);
  await post(first.url, 1);
  const before = await read(first.url, "/control/ledger/accounts/lab");
  await first.stop();
  const path = join(directory, "ledger.jsonl");
  const [line = ""] = readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text.startsWith('{"o"'));
  appendFileSync(path, `${line}\n`.repeat(12_000));
  const size = readFileSync(path).length;
  const second = await startExchange(options);
  expect(readFileSync(path).length).toBeLessThan(size / 100);
  expect(await read(second.url, "/control/ledger/accounts/lab")).toEqual(before);
  await second.stop();
  const third = await startExchange(options);
  expect((await read(third.url, "/control/ledger/orders")).total).toBe(1);
  await third.stop();
});
