// No room is left where PostgreSQL and Redis write, and later there is again.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../../src/embedded/process.ts";
import type { Fault } from "../fault.ts";
import type { House } from "../house.ts";
import type { ServerName } from "../servers.ts";
import { felt } from "./processes.ts";

export const diskIsFull: Fault = {
  name: "a full disk",
  impossible: ({ servers }) =>
    servers.disk === null ? "no small disk can be mounted here (it takes root, on Linux)" : null,
  async strike({ house, bots }) {
    const { disk } = house.servers;
    if (disk === null) return 0;
    const before = bots.retries;
    const filler = join(disk, "filler");
    try {
      fill(filler);
      await felt(() => bots.retries > before);
    } finally {
      rmSync(filler, { force: true });
    }
    for (const name of ["postgres", "redis"] as const) await liveAgain(house, name);
    return 1;
  },
};

/** Until nothing more goes on it: that it fails is what is wanted. */
function fill(path: string): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${path}`, "bs=64k"], { stdio: "ignore" });
  } catch {
    // "No space left on device".
  }
}

/** A server that cannot write may end itself. */
async function liveAgain(house: House, name: ServerName): Promise<void> {
  if (!isAlive(house.servers[name].pid)) await house.revive(name);
}
