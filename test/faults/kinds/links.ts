// What lies between two processes: cut, slow, or a black hole that keeps connections and passes nothing.
// Connections that were in the hole stay dead afterwards, without a word: whoever has them must notice.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { GROUP, laneKey } from "../../../src/bus/keys.ts";
import type { TcpProxy, Weather } from "../../support/tcp-proxy.ts";
import { LONGER_THAN_A_LEASE_MS, type Fault, type Scene } from "../fault.ts";
import { PARTITIONS } from "../house.ts";
import { felt, workerOf } from "./processes.ts";

/** The sweep would hide a worker that stays deaf: every account trades all the same. */
const READ_AGAIN = "the streams of every partition were read again";

const SLOW_MS = 300;
const OFTEN = 20;

interface Spell {
  readonly weather: Weather;
  readonly forMs: number;
}

interface Link {
  readonly name: string;
  readonly of: (scene: Scene) => TcpProxy;
  /** What nobody outside would miss for long. */
  readonly goesOn?: (scene: Scene) => Promise<void>;
}

/** Each link in its turn: a worker's to each of its servers, the API's to both, a bot's to the API. */
const LINKS: readonly Link[] = [
  { name: "worker to the broker", of: (scene) => workerOf(scene).ways.exchange },
  { name: "worker to Redis", of: (scene) => workerOf(scene).ways.redis, goesOn: readAgain },
  { name: "worker to PostgreSQL", of: (scene) => workerOf(scene).ways.postgres },
  { name: "API to PostgreSQL", of: ({ house }) => house.api.ways.postgres },
  { name: "API to Redis", of: ({ house }) => house.api.ways.redis, goesOn: readAgain },
  { name: "bot to the API", of: ({ house }) => house.entrance },
];

function badWeather(name: string, { weather, forMs }: Spell): Fault {
  return {
    name,
    paths: [READ_AGAIN],
    pathsWhenOften: { times: OFTEN, paths: LINKS.map((link) => link.name) },
    async strike(scene) {
      const link = LINKS[scene.turn % LINKS.length];
      const proxy = link?.of(scene);
      if (link === undefined || proxy === undefined) return 0;
      const before = proxy.felt();
      proxy.turn(weather, SLOW_MS);
      await sleep(forMs);
      proxy.turn("open");
      if (proxy.felt() === before) return 0;
      await link.goesOn?.(scene);
      scene.reached(link.name);
      return 1;
    },
  };
}

export const linkIsCut = badWeather("a cut link", { weather: "cut", forMs: 1_500 });
export const linkIsSlow = badWeather("a slow link", { weather: "slow", forMs: 4_000 });
export const linkIsAHole = badWeather("a black hole, longer than a lease", {
  weather: "hole",
  forMs: LONGER_THAN_A_LEASE_MS + 1_000,
});

/** Something that is published from now on comes to its reader by the stream, in each partition. */
async function readAgain({ house, reached }: Scene): Promise<void> {
  const redis = new Redis(house.servers.redis.url, { replyMapping: "legacy" });
  try {
    const before = await Promise.all(lanes().map((key) => lastRead(redis, key)));
    await felt(async () => {
      const now = await Promise.all(lanes().map((key) => lastRead(redis, key)));
      return now.every((id, index) => id !== before[index]);
    });
    reached(READ_AGAIN);
  } finally {
    redis.disconnect();
  }
}

const lanes = (): string[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => laneKey("signals", partition));

/** The id of the last entry that the stream gave to a reader; claims do not count. */
async function lastRead(redis: Redis, key: string): Promise<string | undefined> {
  if ((await redis.exists(key)) === 0) return undefined;
  const groups = (await redis.xinfo("GROUPS", key)) as string[][]; // names and values in turn
  const ours = groups.find((group) => group[1] === GROUP) ?? [];
  return ours[ours.indexOf("last-delivered-id") + 1];
}
