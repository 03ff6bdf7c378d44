// Questions about processes that may not be our children: alive, what command, the same as before.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../operator-error.ts";

export function isAlive(pid: number): boolean {
  // Zero and negative numbers mean process groups, our own among them.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  return exists(pid) && !isZombie(pid);
}

/** True also for one that has ended but was not waited for, as PostgreSQL sees it. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

// A killed child that nobody waited for still answers signal 0, but holds no port and no file.
function isZombie(pid: number): boolean {
  const stat = readProc(pid, "stat");
  return stat !== null && stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

/** The command line of a process; null when it is gone. */
export function commandOf(pid: number): string | null {
  if (existsSync("/proc/self/cmdline")) {
    return readProc(pid, "cmdline")?.replaceAll("\0", " ") ?? null;
  }
  return ps(pid, "command=");
}

/** Tells one process from a later one with the same number: when it began, and in which boot. */
export function identityOf(pid: number): string | null {
  if (!existsSync("/proc/self/stat")) return ps(pid, "lstart=");
  const stat = readProc(pid, "stat");
  if (stat === null) return null;
  // Field 22, counted from behind the command, which may itself hold spaces and parentheses.
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return `${readBootId()}:${started ?? ""}`;
}

function readBootId(): string {
  const path = "/proc/sys/kernel/random/boot_id";
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null;
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

/** True when the process ended within the time. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  return waitWhile(() => isAlive(pid), timeoutMs);
}

export async function waitWhile(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (condition()) {
    if (performance.now() > end) return false;
    await sleep(5);
  }
  return true;
}

/** Asks a process to end, and kills it when it does not listen. */
export async function endProcess(
  pid: number,
  name: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  signal(pid, name);
  if (await waitForEnd(pid, graceMs)) return;
  signal(pid, "SIGKILL");
  await waitForEnd(pid, graceMs);
}
