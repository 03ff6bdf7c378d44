// A Redis that someone else runs must be new enough and keep what it is given; checked before anything starts.
import { withoutPassword } from "../../config/secret.ts";
import type { HeldConfig } from "./servers.ts";
import { OLDEST_REDIS_MAJOR } from "../../embedded/redis-binary.ts";
import { errorCode, messageOf, OperatorError } from "../../operator-error.ts";

const CONNECT_TIMEOUT_MS = 10_000;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its host name is unknown",
  EAI_AGAIN: "its host name could not be looked up",
  ETIMEDOUT: "it does not answer",
};

/** For a part that runs alone: it works without a Redis, and with none that is too old. */
export async function lookAtRedis({ config, redisMissing }: HeldConfig): Promise<void> {
  if (process.connected) return;
  if (redisMissing !== null) process.stderr.write(redisWarning(redisMissing));
  if (config.redisUrl === null) return;
  await requireRedis(config.redisUrl).catch((error: unknown) => {
    if (error instanceof RedisTooOld) throw error;
  });
}

class RedisTooOld extends OperatorError {}

export async function requireRedis(url: string): Promise<void> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let failure: unknown;
  // The reason comes as an event; the rejected call says only that the connection is closed.
  redis.on("error", (error) => {
    failure ??= error;
  });
  try {
    await redis.connect();
    refuseOldRedis(await redis.info("server"));
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw unusable(url, failure ?? error);
  } finally {
    redis.disconnect();
  }
}

export function refuseOldRedis(info: string): void {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? "unknown";
  if (Number.parseInt(version, 10) >= OLDEST_REDIS_MAJOR) return;
  throw new RedisTooOld(
    `The Redis at REDIS_URL is version ${version}; Fillstream needs ${OLDEST_REDIS_MAJOR} or newer.`,
  );
}

function unusable(url: string, error: unknown): OperatorError {
  const message = messageOf(error);
  const reason = /^(WRONGPASS|NOAUTH)/.test(message)
    ? "it refuses the password"
    : (reasons[errorCode(error) ?? ""] ?? message);
  const where = withoutPassword(url);
  return new OperatorError(`The Redis at REDIS_URL (${where}) cannot be used: ${reason}.`, {
    cause: error,
  });
}

export function redisWarning(tried: readonly string[]): string {
  return `WARNING: there is no Redis (${tried.join("; ")}).
Fillstream works without it, with signals picked up a little later. Install redis-server or
valkey-server 7 or newer (apt install redis-server, brew install redis), or set REDIS_URL.

`;
}
