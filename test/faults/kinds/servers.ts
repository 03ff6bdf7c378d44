// PostgreSQL and Redis die, stand still, come back, or lose what they held.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { GROUP, laneKey } from "../../../src/bus/keys.ts";
import { isAlive, signal } from "../../../src/embedded/process.ts";
import { LONGER_THAN_A_LEASE_MS, type Fault, type Scene } from "../fault.ts";
import { PARTITIONS, type House } from "../house.ts";
import { countTrading } from "../record.ts";
import type { ServerName } from "../servers.ts";
import { felt } from "./processes.ts";

const WITHOUT_REDIS = "signals were decided while Redis was away";
const GROUPS_AGAIN = "the consumer groups were made again";

export const redisDies: Fault = {
  name: "kill -9 of Redis",
  paths: [WITHOUT_REDIS],
  async strike(scene) {
    kill(scene.house, "redis");
    await decidedWithout(scene);
    await scene.house.revive("redis");
    return 1;
  },
};

export const redisStandsStill: Fault = {
  name: "SIGSTOP of Redis, longer than a lease",
  paths: [WITHOUT_REDIS],
  async strike(scene) {
    await standStill(scene.house, "redis", () => decidedWithout(scene));
    return 1;
  },
};

export const postgresDies = endOfPostgres("kill -9 of PostgreSQL", (house) =>
  kill(house, "postgres"),
);

/** As an operator restarts it: its sessions are ended with a word. */
export const postgresRestarts = endOfPostgres("restart of PostgreSQL", ({ servers }) =>
  signal(servers.postgres.pid, "SIGINT"),
);

export const postgresStandsStill: Fault = {
  name: "SIGSTOP of PostgreSQL, longer than a lease",
  async strike({ house, bots }) {
    const before = bots.retries;
    await standStill(house, "postgres", () => sleep(LONGER_THAN_A_LEASE_MS));
    return bots.retries > before ? 1 : 0;
  },
};

export const everythingFlushed: Fault = {
  name: "FLUSHALL",
  paths: [GROUPS_AGAIN],
  strike: (scene) => losing(scene, (redis) => redis.flushall()),
};

export const groupDeleted: Fault = {
  name: "a deleted consumer group",
  paths: [GROUPS_AGAIN],
  strike: (scene) =>
    losing(scene, async (redis) => {
      for (const key of lanes()) {
        if ((await redis.exists(key)) > 0) await redis.xgroup("DESTROY", key, GROUP);
      }
    }),
};

function endOfPostgres(name: string, end: (house: House) => void): Fault {
  return {
    name,
    async strike({ house, bots }) {
      const before = bots.retries;
      end(house);
      await felt(() => bots.retries > before);
      await house.revive("postgres");
      return 1;
    },
  };
}

async function losing(
  { house, reached }: Scene,
  lose: (redis: Redis) => Promise<unknown>,
): Promise<number> {
  const redis = new Redis(house.servers.redis.url);
  redis.on("error", () => undefined);
  try {
    await lose(redis);
    await felt(async () =>
      (await Promise.all(lanes().map((key) => hasGroup(redis, key)))).every(Boolean),
    );
    reached(GROUPS_AGAIN);
    return 1;
  } finally {
    redis.disconnect();
  }
}

const lanes = (): string[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => partition).flatMap((partition) => [
    laneKey("signals", partition),
    laneKey("control", partition),
  ]);

async function hasGroup(redis: Redis, key: string): Promise<boolean> {
  try {
    return ((await redis.xinfo("GROUPS", key)) as unknown[]).length > 0;
  } catch {
    return false;
  }
}

function kill(house: House, name: ServerName): void {
  for (const pid of house.servers.processesOf(name)) signal(pid, "SIGKILL");
}

async function standStill(
  house: House,
  name: ServerName,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const processes = house.servers.processesOf(name);
  for (const pid of processes) signal(pid, "SIGSTOP");
  try {
    await Promise.all([meanwhile(), sleep(LONGER_THAN_A_LEASE_MS)]);
  } finally {
    for (const pid of processes) if (isAlive(pid)) signal(pid, "SIGCONT");
  }
}

/** Every account trades something that was posted when Redis had gone. */
async function decidedWithout({ house, bots, reached }: Scene): Promise<void> {
  const from = Date.now();
  await felt(async () => {
    const later = bots.since(from).map(({ id }) => id);
    return (await countTrading(house, later)) === house.accounts.length;
  });
  reached(WITHOUT_REDIS);
}
