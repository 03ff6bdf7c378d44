// Reads the lanes of the partitions a worker holds. Two modes: waiting in one blocking read over all
// streams, on a connection that needs no other, and short commands (claim, acknowledge) on a second one.
// A missing group or stream, after FLUSHALL say, is made again on the spot; what was lost with it is read
// from the record.
import type { Redis } from "ioredis";
import type { BusConsumer, BusEntry, BusStatus, Lane } from "../ports/bus.ts";
import { BLOCK_MS, connect, hangUp } from "./connect.ts";
import { FIELD, GROUP, laneKey, parseLaneKey } from "./keys.ts";
import { sealOf, type Seal } from "./seal.ts";
import { WaitEnder } from "./wait-ender.ts";
import { Watchdog } from "./watchdog.ts";

type RawEntry = [id: string, fields: string[] | null];
type RawStream = [key: string, entries: RawEntry[]];

const CLAIM_COUNT = 500;
const LANES: readonly Lane[] = ["control", "signals"];

export function createConsumer(url: string, consumer: string, deployment: string): BusConsumer {
  const seal = sealOf(deployment);
  const reader = connect(url, "reader");
  const commands = connect(url, "commands");
  const known = new Set<string>();
  let closed = false;
  const wait = new WaitEnder(reader.redis, commands.redis);
  const watchdog = new Watchdog(reader.redis, BLOCK_MS);

  async function prepareRead(keys: readonly string[]): Promise<void> {
    await lastReadIsDecided();
    const missing = keys.filter((key) => !known.has(key));
    await Promise.all(missing.map((key) => createGroup(reader.redis, key)));
    for (const key of missing) known.add(key);
  }

  return {
    async read({ control, signals, count, waitMs }) {
      const keys = [
        ...control.map((partition) => laneKey("control", partition)),
        ...signals.map((partition) => laneKey("signals", partition)),
      ];
      if (keys.length === 0 || closed) return [];
      const blockMs = Math.max(1, Math.min(waitMs, BLOCK_MS));
      try {
        return await watchdog.over(() =>
          wait.during(
            () => prepareRead(keys),
            () => readNew(reader.redis, { consumer, keys, count, blockMs, seal }),
          ),
        );
      } catch (error: unknown) {
        if (!isMissingGroup(error)) throw error;
        known.clear();
        return [];
      }
    },

    wake: () => wait.end(),

    async claim(partition: number): Promise<readonly BusEntry[]> {
      const found: BusEntry[] = [];
      for (const lane of LANES)
        found.push(...(await claimLane(commands.redis, { lane, partition, consumer, seal })));
      return found;
    },

    acknowledge: (entries: readonly BusEntry[]) => acknowledge(commands.redis, entries),

    onReconnect(callback: () => void): void {
      let first = true;
      reader.redis.on("ready", () => {
        known.clear();
        if (!first) callback();
        first = false;
      });
    },

    status: (): BusStatus => ({
      connected:
        reader.redis.status === "ready" && commands.redis.status === "ready" && !watchdog.isDeaf,
      lastError: reader.lastError() ?? commands.lastError(),
    }),

    async close(): Promise<void> {
      closed = true;
      hangUp(reader.redis);
      hangUp(commands.redis);
    },
  };
}

/** Asking again wakes the server, which may take this processor: the commit of what came last leaves first. */
function lastReadIsDecided(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function readNew(
  redis: Redis,
  request: {
    readonly consumer: string;
    readonly keys: readonly string[];
    readonly count: number;
    readonly blockMs: number;
    readonly seal: Seal;
  },
): Promise<readonly BusEntry[]> {
  const { consumer, keys, count, blockMs, seal } = request;
  const who = ["GROUP", GROUP, consumer] as const;
  const how = ["COUNT", count, "BLOCK", blockMs, "STREAMS"] as const;
  const from = keys.map(() => ">");
  const answer = (await redis.xreadgroup(...who, ...how, ...keys, ...from)) as RawStream[] | null;
  return (answer ?? []).flatMap(([key, entries]) => toEntries(key, entries, seal));
}

async function createGroup(redis: Redis, key: string): Promise<void> {
  try {
    await redis.xgroup("CREATE", key, GROUP, "0", "MKSTREAM");
  } catch (error: unknown) {
    if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
  }
}

async function claimLane(
  redis: Redis,
  request: {
    readonly lane: Lane;
    readonly partition: number;
    readonly consumer: string;
    readonly seal: Seal;
  },
): Promise<readonly BusEntry[]> {
  const { lane, partition, consumer, seal } = request;
  const key = laneKey(lane, partition);
  await createGroup(redis, key);
  const found: BusEntry[] = [];
  let cursor = "0-0";
  do {
    // Idle time zero: the lease says that nobody else reads this partition.
    const answer = (await redis.xautoclaim(
      key,
      GROUP,
      consumer,
      0,
      cursor,
      "COUNT",
      CLAIM_COUNT,
    )) as [string, RawEntry[]];
    cursor = answer[0];
    found.push(...toEntries(key, answer[1], seal));
  } while (cursor !== "0-0");
  return found;
}

async function acknowledge(redis: Redis, entries: readonly BusEntry[]): Promise<void> {
  if (entries.length === 0 || redis.status !== "ready") return;
  const pipeline = redis.multi();
  for (const [key, ids] of groupByKey(entries)) {
    pipeline.xack(key, GROUP, ...ids);
    pipeline.xdel(key, ...ids);
  }
  await pipeline.exec();
}

function toEntries(key: string, raw: readonly RawEntry[], seal: Seal): BusEntry[] {
  const lane = parseLaneKey(key);
  if (lane === null) return [];
  return raw.map(([entryId, fields]) => {
    const number = Number(fieldOf(fields, FIELD.number) ?? Number.NaN);
    const body = fieldOf(fields, FIELD.body) ?? "";
    const isOurs = fieldOf(fields, FIELD.seal) === seal({ ...lane, number, body });
    return { entryId, ...lane, number, body: isOurs ? body : null };
  });
}

function fieldOf(fields: readonly string[] | null, name: string): string | undefined {
  if (fields === null) return undefined;
  const at = fields.indexOf(name);
  return at < 0 ? undefined : fields[at + 1];
}

function groupByKey(entries: readonly BusEntry[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const entry of entries) {
    const key = laneKey(entry.lane, entry.partition);
    const ids = groups.get(key);
    if (ids === undefined) groups.set(key, [entry.entryId]);
    else ids.push(entry.entryId);
  }
  return groups;
}

function isMissingGroup(error: unknown): boolean {
  return error instanceof Error && /^(NOGROUP|UNBLOCKED)/.test(error.message);
}
