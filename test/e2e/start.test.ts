import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isAlive } from "../../src/embedded/process.ts";
import { postgresDirectory } from "../../src/embedded/servers.ts";
import { redisIsThere } from "../support/fresh.ts";
import {
  build,
  fillstream,
  start,
  temporaryDirectory,
  until,
  type Start,
} from "../support/fillstream.ts";

const directory = temporaryDirectory();
const starts: Start[] = [];

beforeAll(build);
afterEach(async () => {
  for (const each of starts.splice(0)) {
    each.process.kill("SIGTERM");
    await each.ended();
  }
});
afterAll(() => directory.remove());

async function up(variables: Record<string, string> = {}, args: string[] = []): Promise<Start> {
  const started = await start(directory.path, variables, args);
  starts.push(started);
  await started.ready();
  return started;
}

function postmaster(): number {
  const file = join(postgresDirectory(directory.path), "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
}

interface Listed {
  readonly data: readonly { readonly signal_id: string; readonly status: string }[];
}

/** The body of the README's own example, so that what it shows is what works. */
function firstSignalOfTheReadme(): string {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const body = /-d '(\{[^']*\})'/.exec(readme)?.[1];
  if (body === undefined) throw new Error("the README shows no signal");
  return body;
}

const small = JSON.stringify({ symbol: "AAPL", side: "buy", qty: 1, strategy: "first" });

/** Posts a signal and waits for what becomes of it. */
async function signalFills({ url }: Start, body = small): Promise<void> {
  const response = await fetch(`${url}/api/v1/trading/signal`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as { id: string };
  const filled = async (): Promise<boolean> => {
    const orders = (await (await fetch(`${url}/api/v1/trading/orders`)).json()) as Listed;
    return orders.data.some((order) => order.signal_id === id && order.status === "filled");
  };
  await until(filled, () => "the signal did not fill");
}

/** In megabytes, of the parent and its parts. */
function residentMemory({ process: parent, parts }: Start): number {
  const pages = [parent.pid ?? 0, ...parts()].map((pid) =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]),
  );
  return pages.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024;
}

describe("fillstream start", () => {
  test("brings everything up, fills the first signal, and leaves nothing behind", async () => {
    const running = await up();
    const ready = await fetch(`${running.url}/api/health/ready`);
    expect(ready.status).toBe(200);
    await signalFills(running, firstSignalOfTheReadme());

    const [parts, server] = [running.parts(), postmaster()];
    expect(parts).toHaveLength(3);
    running.process.kill("SIGTERM");
    expect(await running.ended()).toBe(0);
    expect([...parts, server].filter(isAlive)).toEqual([]);
    expect(existsSync(join(directory.path, "env"))).toBe(false);
  });

  test("keeps what was traded, until --fresh", async () => {
    const again = await up();
    const kept = (await (await fetch(`${again.url}/api/v1/trading/orders`)).json()) as Listed;
    expect(kept.data).toHaveLength(1);
    again.process.kill("SIGTERM");
    await again.ended();

    const fresh = await up({}, ["--fresh"]);
    const none = (await (await fetch(`${fresh.url}/api/v1/trading/orders`)).json()) as Listed;
    expect(none.data).toEqual([]);
  });

  test("tells where everything is, to its owner alone", async () => {
    const running = await up();
    const file = join(directory.path, "env");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(running.env()).toMatchObject({
      DATABASE_URL: expect.stringMatching(/^postgres:\/\/fillstream:/) as string,
      ALPACA_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) as string,
    });
    expect(running.output()).not.toContain(new URL(running.env()["DATABASE_URL"] ?? "").password);
    const data = { FILLSTREAM_DATA: directory.path };
    const update = "UPDATE configs SET value = '20000' WHERE key = 'max_position_size_usd'";
    expect(await fillstream(["sql", update], data)).toMatchObject({
      code: 0,
      stdout: "UPDATE 1\n",
    });
    const slip = await fillstream(
      ["sql", "UPDATE configs SET value = '1' WHERE key = 'nope'"],
      data,
    );
    expect(slip).toMatchObject({ code: 1, stdout: "" });
    expect(slip.stderr).toMatch(/^No configuration key matches/);
  });

  test("refuses by name while another runs on the same data", async () => {
    const running = await up();
    const second = await fillstream(["start"], { FILLSTREAM_DATA: directory.path, PORT: "0" });
    expect(second.code).toBe(1);
    expect(second.stderr).toBe(
      `Fillstream already runs on ${directory.path} (process ${running.process.pid}): stop it first, or set FILLSTREAM_DATA to another directory.\n`,
    );
    expect((await fetch(`${running.url}/api/health/ready`)).status).toBe(200);
  });

  test("leaves nothing running when it is killed, and the next start goes on", async () => {
    const running = await up();
    const left = [...running.parts(), postmaster()];
    running.process.kill("SIGKILL");
    await running.ended();
    await until(
      () => left.every((pid) => !isAlive(pid)),
      () => `still running: ${left.filter(isAlive).join()}`,
    );
    await signalFills(await up());
  });

  test("goes on at once on the data of a start that was killed a moment ago", async () => {
    const running = await up();
    running.process.kill("SIGKILL");
    await running.ended();
    await signalFills(await up());
  });

  test("starts a part again that died, and a server", async () => {
    const running = await up();
    const [server, parts] = [postmaster(), running.parts()];
    for (const pid of [server, ...parts]) process.kill(pid, "SIGKILL");
    const answers = async (): Promise<boolean> => {
      const response = await fetch(`${running.url}/api/health/ready`).catch(() => null);
      return response?.status === 200 && postmaster() !== server;
    };
    await until(answers, () => running.output());
    await signalFills(running);
  });

  test("stops at once when it is told twice", async () => {
    const running = await up();
    const left = [...running.parts(), postmaster()];
    running.process.kill("SIGINT");
    await until(() => running.output().includes("Stopping"), running.output);
    running.process.kill("SIGINT");
    // 130 when the second came in time; 0 when everything had stopped in good order before it.
    expect([0, 130]).toContain(await running.ended());
    await until(
      () => left.every((pid) => !isAlive(pid)),
      () => `still running: ${left.filter(isAlive).join()}`,
    );
  });

  test("runs without any Redis, and says so", async () => {
    const running = await up({ REDIS_URL: "none" });
    expect(running.output()).toContain("none: PostgreSQL drives the worker");
    await signalFills(running);
  });

  test("asks for a key where others can reach it, and leaves the first one in a file", async () => {
    const running = await up({ AUTH: "keys" }, ["--fresh"]);
    const file = join(directory.path, "admin-key");
    expect(running.output()).toContain(`an admin's is in ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = readFileSync(file, "utf8").trim();
    expect(running.output()).not.toContain(key);
    const orders = `${running.url}/api/v1/trading/orders`;
    expect((await fetch(orders)).status).toBe(401);
    expect((await fetch(orders, { headers: { "x-api-key": key } })).status).toBe(200);
    running.process.kill("SIGTERM");
    await running.ended();
    const again = await up({ AUTH: "keys" });
    expect(again.output()).not.toContain("admin-key");
    expect(
      (await fetch(orders.replace(running.url, again.url), { headers: { "x-api-key": key } }))
        .status,
    ).toBe(200);
  });

  // The same processes rest some 60 MB higher on Node 24.
  const most = process.versions.node.startsWith("20.") ? 350 : 480;
  test.skipIf(process.platform !== "linux" || !redisIsThere())(
    `rests at no more than ${most} MB of Node processes`,
    async () => {
      const running = await up();
      await signalFills(running);
      await until(
        () => residentMemory(running) <= most,
        () => `${residentMemory(running).toFixed(0)} MB`,
      );
    },
  );
});
