// The servers a command works on: those of the configuration, or the embedded ones, held while it runs.
import type { Config } from "../../config.ts";
import type { ServersWanted } from "../../embedded/servers.ts";

export interface HeldConfig {
  /** With the addresses of what was started. */
  readonly config: Config;
  readonly redisMissing: readonly string[] | null;
  release(): Promise<void>;
}

type Need = "postgres" | "postgres and redis";

export async function withServers(config: Config, need: Need): Promise<HeldConfig> {
  const wanted = serversWanted(config, need);
  if (!wanted.postgres && !wanted.redis) {
    return { config, redisMissing: null, release: () => Promise.resolve() };
  }
  const { holdServers } = await import("../../embedded/servers.ts");
  const held = await holdServers(wanted);
  const databaseUrl = held.postgres?.url ?? config.databaseUrl;
  const redisUrl = held.redis?.url ?? config.redisUrl;
  return {
    config: { ...config, databaseUrl, redisUrl },
    redisMissing: held.redisMissing,
    release: () => held.release(),
  };
}

export function serversWanted(config: Config, need: Need): ServersWanted {
  return {
    dataDirectory: config.dataDirectory,
    postgres: config.databaseUrl === null,
    redis: need === "postgres and redis" && config.redisUrl === null && !config.redisIsOff,
    redisSearch: { searchPath: config.searchPath, cacheDirectory: config.cacheDirectory },
  };
}

export function databaseUrlOf({ databaseUrl }: Config): string {
  if (databaseUrl === null) throw new Error("withServers gives a database to every command");
  return databaseUrl;
}
