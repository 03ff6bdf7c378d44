// What people would write instead: the peers of `peers/`, each on a database of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../src/embedded/port.ts";
import type { House } from "../parts/house.ts";
import { keepPart, type Kept, type PartPlan } from "../parts/processes.ts";
import settings from "../settings.json" with { type: "json" };
import {
  committedMs,
  countFills,
  openSql,
  stopAll,
  sumOf,
  type Fill,
  type System,
} from "./system.ts";

export const PEERS = ["direct", "bullmq", "graphile"] as const;
export type PeerName = (typeof PEERS)[number];

/** Waits to be started: for the drain, the front runs alone at first. */
export interface PreparedPeer {
  readonly system: Omit<System, "parts" | "sender" | "stop">;
  readonly front: Kept;
  startWorker(): Promise<Kept>;
}

export async function preparePeer(
  name: PeerName,
  house: House,
  concurrency: number = settings.peerConcurrency[name],
): Promise<PreparedPeer> {
  const databaseUrl = await house.createDatabase(`peer_${name}`);
  const sql = openSql(databaseUrl);
  const peers = join(import.meta.dirname, "..", "peers");
  await sql.unsafe(readFileSync(join(peers, "schema.sql"), "utf8"));
  const port = await freePort();
  const plan: PartPlan = {
    file: join(peers, `${name}.ts`),
    environment: {
      ...{ PEER_NAME: name, PEER_DATABASE: databaseUrl, PEER_REDIS: house.redisUrl },
      ...{ PEER_BROKER: house.brokerUrl, PEER_CONCURRENCY: String(concurrency) },
      PEER_PORT: String(port),
    },
  };
  const front = await keepPart(plan);
  const system = {
    ...{ name, url: `http://127.0.0.1:${port}`, path: "/signal", sql, accounts: [] },
    booked: () => countFills(sql),
    fills: (prefix: string) => sql<Fill[]>`
      SELECT s.client_signal_id AS key, o.id || '-1' AS reference,
        (${sql.unsafe(committedMs("s"))}) AS "acceptedMs", NULL AS "decidedMs",
        (${sql.unsafe(committedMs("e"))}) AS "committedMs"
      FROM executions e JOIN orders o ON o.id = e.order_id JOIN signals s ON s.id = o.signal_id
      WHERE s.client_signal_id LIKE ${`${prefix}-%`}`,
    refusals: () => Promise.resolve({ count: 0, reasons: "" }),
    positionSum: () => sumOf(sql, "SELECT sum(qty) FROM positions"),
  };
  return { system, front, startWorker: () => keepPart({ ...plan, args: ["worker"] }) };
}

export async function startPeer(
  name: PeerName,
  house: House,
  concurrency?: number,
): Promise<System> {
  const { system, front, startWorker } = await preparePeer(name, house, concurrency);
  if (name === "direct") {
    return { ...system, parts: [front], sender: front, stop: () => stopAll([front], system.sql) };
  }
  const sender = await startWorker().catch(async (error: unknown) => {
    await stopAll([front], system.sql);
    throw error;
  });
  const parts = [front, sender];
  return { ...system, parts, sender, stop: () => stopAll(parts, system.sql) };
}
