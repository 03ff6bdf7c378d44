// A server process on a data directory: what all servers that we start have in common.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "./account.ts";
import { isAlive } from "./process.ts";

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True when it already ran and was taken over. */
  readonly adopted: boolean;
  /** Resolves when the process is gone, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly account?: Account | null;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Starts a server in a process group of its own, so that Ctrl-C reaches us first and it last. */
export function launch({ command, args, logFile, account, environment }: Launch): ChildProcess {
  const log = openSync(logFile, "a", 0o600);
  try {
    const child = spawn(command, args, {
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      ...(environment ? { env: environment } : {}),
      cwd: "/",
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Waits until `isReady`; false when the process ended or the time is up before. */
export async function becomesReady(
  child: ChildProcess,
  isReady: () => Promise<boolean> | boolean,
  timeoutMs: number,
): Promise<boolean> {
  let failed = false;
  child.once("error", () => {
    failed = true;
  });
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (failed || child.exitCode !== null || child.signalCode !== null) return false;
    if (await isReady()) return true;
    await sleep(5);
  }
  return false;
}

/** A process that is not our child reports no exit, so its number is asked for. */
export async function endOfForeign(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(250, undefined, { ref: false });
}

export function endOfChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
  });
}

/** The last lines that a server wrote, for a sentence about why it did not start. */
export function lastLines(logFile: string, count: number): string {
  try {
    const lines = readFileSync(logFile, "utf8").trim().split("\n");
    return lines.slice(-count).join(" | ");
  } catch {
    return "";
  }
}
