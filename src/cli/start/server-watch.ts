// An embedded server that dies while we run is started again on its port and its data.
import { setTimeout as sleep } from "node:timers/promises";
import type { HeldServers } from "../../embedded/servers.ts";
import { messageOf } from "../../operator-error.ts";
import type { Report } from "./report.ts";

const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export function keepServersAlive(held: HeldServers, report: Report): void {
  void watch("postgres", held, report);
  void watch("redis", held, report);
}

async function watch(name: "postgres" | "redis", held: HeldServers, report: Report): Promise<void> {
  let server = held[name];
  let pauseMs = PAUSE_MS;
  while (server !== null) {
    await server.ended;
    if (held.isReleased()) return;
    report("error", { name, pauseMs }, "an embedded server died and is started again");
    await sleep(pauseMs);
    try {
      server = await held.revive(name);
      pauseMs = PAUSE_MS;
    } catch (error) {
      report("error", { name, reason: messageOf(error) }, "the server could not be started");
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}
