// The files by which processes of one data directory know who else uses its servers.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { commandOf, identityOf, isAlive } from "./process.ts";

export interface Holder {
  readonly file: string;
  readonly pid: number;
  readonly identity: string;
  readonly guard: number;
  /** False when the number was given to another process meanwhile. */
  readonly guardIsOurs: boolean;
}

export function readHolder(file: string): Holder {
  const [identity = "", guardText = ""] = readText(file).split("\n");
  const guard = Number(guardText);
  const guardIsOurs = isAlive(guard) && commandOf(guard)?.includes("fillstream-guard") === true;
  return { file, pid: Number(basename(file)), identity, guard, guardIsOurs };
}

export function holderAlive({ pid, identity }: Holder): boolean {
  return isAlive(pid) && identityOf(pid) === identity;
}

/** Its owner may remove it while we look. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
