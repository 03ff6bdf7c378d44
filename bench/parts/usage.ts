// What processes cost, from /proc: CPU seconds and resident memory; a server with all its children.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly endedChildren: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before it may hold anything, a parenthesis included.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const at = (index: number): number => fields[index] ?? 0;
    return { parent: at(1), own: at(11) + at(12), endedChildren: at(13) + at(14) };
  } catch {
    return null;
  }
}

/** CPU seconds of one process, all its threads. */
export function cpuOf(pid: number): number {
  return (statOf(pid)?.own ?? 0) / TICKS_PER_SECOND;
}

/** CPU seconds of a server, its living children and those that ended. */
export function cpuOfTree(root: number): number {
  const top = statOf(root);
  if (top === null) return 0;
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === root)
    .reduce((sum, stat) => sum + (stat?.own ?? 0) + (stat?.endedChildren ?? 0), 0);
  return (top.own + top.endedChildren + children) / TICKS_PER_SECOND;
}

/** Resident memory of now, and the most since the process began or since `forgetPeak`. */
export function residentMegabytes(pid: number, which: "VmRSS" | "VmHWM" = "VmRSS"): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8")
    .split("\n")
    .find((text) => text.startsWith(`${which}:`));
  return Math.round(Number(/\d+/.exec(line ?? "")?.[0] ?? 0) / 1024);
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
