// One living process at a time holds a claim: a file with its number and identity.
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../operator-error.ts";
import { unusable } from "./directory.ts";
import { identityOf, isAlive } from "./process.ts";

export interface Claim {
  release(): void;
}

/** The claim, or the process that has it. */
export function claim(path: string): Claim | { readonly owner: number } {
  for (;;) {
    if (tryClaim(path)) return { release: () => rmSync(path, { force: true }) };
    const owner = ownerOf(path);
    if (owner !== null) return { owner };
    // Its owner died without giving it up.
    rmSync(path, { force: true });
  }
}

/** Written aside and linked, so that no one ever reads a claim half written. */
function tryClaim(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${process.pid}\n${identityOf(process.pid) ?? ""}\n`, { mode: 0o600 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw unusable(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The living process that a claim names. */
export function ownerOf(path: string): number | null {
  if (!existsSync(path)) return null;
  const [pid, identity] = readFileSync(path, "utf8").split("\n");
  const owner = Number(pid);
  return isAlive(owner) && identityOf(owner) === identity ? owner : null;
}

/** Runs one section at a time among all processes that use the same path. */
export async function exclusively<Result>(
  path: string,
  section: () => Promise<Result>,
): Promise<Result> {
  let held = claim(path);
  while ("owner" in held) {
    await sleep(20);
    held = claim(path);
  }
  try {
    return await section();
  } finally {
    held.release();
  }
}
