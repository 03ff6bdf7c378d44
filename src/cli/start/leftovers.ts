// Parts of a start that was killed: they end by themselves, and the next start waits for that.
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { z } from "zod";
import { writePrivateFile } from "../../embedded/directory.ts";
import { endProcess, identityOf, isAlive, waitForEnd } from "../../embedded/process.ts";

const recorded = z.array(z.object({ pid: z.int().positive(), identity: z.string() }));
const GRACE_MS = 9_000;

export function recordParts(file: string, parts: z.infer<typeof recorded>): void {
  // Renamed into place: a parent killed while it writes must not leave a list that names nobody.
  writePrivateFile(`${file}.new`, JSON.stringify(parts));
  renameSync(`${file}.new`, file);
}

/** Ends what the last start left running; the identity keeps a stranger with the same number safe. */
export async function endLeftovers(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const left = readRecorded(file).filter(
    ({ pid, identity }) => isAlive(pid) && identityOf(pid) === identity,
  );
  await Promise.all(
    left.map(async ({ pid }) => {
      if (!(await waitForEnd(pid, GRACE_MS))) await endProcess(pid, "SIGKILL", GRACE_MS);
    }),
  );
  rmSync(file, { force: true });
}

/** A file cut short by a full disk names nobody. */
function readRecorded(file: string): z.infer<typeof recorded> {
  try {
    return recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}
