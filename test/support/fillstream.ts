// The real command, run as a person runs it: compiled, in processes of its own.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { freePort } from "../../src/embedded/port.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "dist", "cli", "main.js");

/** The tests run what `npm start` would run, so it must be built from these sources. */
export function build(): void {
  const script = join(root, "scripts", "ensure-build.mjs");
  const { status } = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (status !== 0) throw new Error("the build failed");
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what every process needs: no variable of the person who runs the tests leaks in. */
function cleanEnvironment(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "LANG", "FILLSTREAM_CACHE"];
  const entries = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(entries), ...variables } as NodeJS.ProcessEnv;
}

/** A command that goes on running; whoever starts it ends it. */
export function run(args: readonly string[], variables: Record<string, string> = {}) {
  return spawn(process.execPath, [main, ...args], {
    env: cleanEnvironment(variables),
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function fillstream(
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Outcome> {
  const child = run(args, variables);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

/** A data directory with a space in its name, which PostgreSQL may enter when the tests run as root. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), "fillstream e2e "));
  chmodSync(parent, 0o711);
  return {
    path: join(parent, "data"),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

export interface Start {
  readonly process: ChildProcess;
  readonly url: string;
  readonly output: () => string;
  /** What `.fillstream/env` says. */
  env(): Record<string, string>;
  /** The processes of the parts, as the start recorded them. */
  parts(): number[];
  ready(): Promise<void>;
  ended(): Promise<number | null>;
}

export async function start(
  dataDirectory: string,
  variables: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Start> {
  const port = variables["PORT"] ?? String(await freePort());
  const environment = { FILLSTREAM_DATA: dataDirectory, PORT: port, EXCHANGE_PORT: "0" };
  const child = spawn(process.execPath, [main, "start", ...args], {
    env: cleanEnvironment({ ...environment, ...variables }),
    cwd: tmpdir(),
    // Of its own process group, so that a signal to it reaches no one else.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (output += data.toString()));
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    process: child,
    url,
    output: () => output,
    env: () => readEnv(join(dataDirectory, "env")),
    parts: () => readParts(join(dataDirectory, "parts.json")),
    ready: () =>
      until(
        () => output.includes("Fillstream is ready"),
        () => `not ready:\n${output}`,
      ),
    ended: () => ended,
  };
}

function readEnv(path: string): Record<string, string> {
  const parsed = parseEnv(readFileSync(path, "utf8"));
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, value ?? ""]));
}

function readParts(path: string): number[] {
  if (!existsSync(path)) return [];
  const parts = JSON.parse(readFileSync(path, "utf8")) as { pid: number }[];
  return parts.map(({ pid }) => pid);
}

/** A call with JSON, which must succeed: `POST` with a body, `GET` without, or what is asked for. */
export async function callJson<Body>(url: string, body?: object, method?: string): Promise<Body> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Body;
}

/** Waits for what must come, however slow the machine is. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string,
  timeoutMs = 90_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(describe());
    await sleep(50);
  }
}
