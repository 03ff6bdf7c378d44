// An embedded server that dies while we run is started again on its port and its data.
import { setTimeout as sleep } from "node:timers/promises";
import type { HeldServers } from "../../embedded/servers.ts";
import type { Logger } from "../../log.ts";
import { messageOf } from "../../operator-error.ts";

const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export function keepServersAlive(held: HeldServers, log: Logger): void {
  void watch("postgres", held, log);
  void watch("redis", held, log);
}

async function watch(name: "postgres" | "redis", held: HeldServers, log: Logger): Promise<void> {
  let server = held[name];
  let pauseMs = PAUSE_MS;
  while (server !== null) {
    await server.ended;
    if (held.isReleased()) return;
    log.error({ name, pauseMs }, "an embedded server died and is started again");
    await sleep(pauseMs);
    try {
      server = await held.revive(name);
      pauseMs = PAUSE_MS;
    } catch (error) {
      log.error({ name, reason: messageOf(error) }, "the server could not be started");
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}
