// One living process at a time holds a claim: a file with its number and identity.
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../operator-error.ts";
import { unusable } from "./directory.ts";
import { identityOf, isAlive } from "./process.ts";
import { readIfThere } from "./read-if-there.ts";

export interface Claim {
  release(): void;
}

/** The claim, or the process that has it. */
export function claim(path: string): Claim | { readonly owner: number } {
  for (;;) {
    if (tryClaim(path)) return { release: () => rmSync(path, { force: true }) };
    const owner = ownerOf(path);
    if (owner !== null) return { owner };
    if (isDead(path)) removeDead(path);
  }
}

/**
 * Its owner died without giving it up. Of several that see this at once only one may remove it: the
 * second would remove the claim that the first has made meanwhile.
 */
function removeDead(path: string): void {
  const removing = `${path}.removing`;
  if (!tryClaim(removing)) {
    // Held for a moment only, unless its owner was killed in that moment.
    if (isDead(removing)) rmSync(removing, { force: true });
    return;
  }
  try {
    if (isDead(path)) rmSync(path, { force: true });
  } finally {
    rmSync(removing, { force: true });
  }
}

/** It is there, and names no living process; one that is not there may be made by another any moment. */
function isDead(path: string): boolean {
  const text = readClaim(path);
  return text !== null && livingOwner(text) === null;
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
  const text = readClaim(path);
  return text === null ? null : livingOwner(text);
}

function livingOwner(text: string): number | null {
  const [pid, identity] = text.split("\n");
  const owner = Number(pid);
  return isAlive(owner) && identityOf(owner) === identity ? owner : null;
}

/** Null when it is not there. */
function readClaim(path: string): string | null {
  try {
    return readIfThere(path);
  } catch (error) {
    throw unusable(path, error);
  }
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
