// The clock of one worker is set forward and back while it works, by the library `libfaketime`, which
// stands between a process and the time of day and leaves the monotonic clock alone.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import { countEventsAhead } from "../record.ts";
import { felt, workerOf } from "./processes.ts";

const JUMP_SECONDS = 300;
/** How long the library goes on telling the old time. */
const NOTICED_AFTER_MS = 1_500;

const library = findLibrary();

export const clockJumps: Fault = {
  name: "a worker's clock jumps five minutes ahead and back",
  impossible: () =>
    library === null ? "libfaketime is not installed; the simulation jumps" : null,
  async strike(scene) {
    const worker = workerOf(scene);
    const file = join(scene.house.directory, `${worker.name.replace(" ", "-")}.time`);
    const set = (seconds: number): void =>
      writeFileSync(file, `${seconds < 0 ? "" : "+"}${seconds}`);
    set(0);
    await worker.restart({
      LD_PRELOAD: library ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    });
    const before = await countEventsAhead(scene.house);
    set(JUMP_SECONDS);
    await felt(async () => (await countEventsAhead(scene.house)) > before);
    set(-JUMP_SECONDS);
    await sleep(NOTICED_AFTER_MS);
    set(0);
    await sleep(NOTICED_AFTER_MS);
    await worker.restart({});
    return 1;
  },
};

function findLibrary(): string | null {
  const places = existsSync("/usr/lib") ? readdirSync("/usr/lib") : [];
  const found = places.map((place) => join("/usr/lib", place, "faketime", "libfaketime.so.1"));
  return found.find((path) => existsSync(path)) ?? null;
}
