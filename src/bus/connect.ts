// How each kind of Redis connection must be set, found by cutting and black-holing real ones:
// a producer must neither resend nor hang, a blocking reader must notice a dead peer by itself.
import { Redis, type RedisOptions } from "ioredis";

export type ConnectionKind = "producer" | "reader" | "commands";

const COMMAND_TIMEOUT_MS = 1_000;
/** Longest wait inside one blocking read; the reader's own timeouts are derived from it. */
export const BLOCK_MS = 1_000;

/** Backoff that reaches its ceiling after five tries, with jitter so that processes spread out. */
function backoff(attempt: number): number {
  return Math.min(50 * 2 ** attempt, 1_000) + Math.floor(Math.random() * 50);
}

const OPTIONS: Readonly<Record<ConnectionKind, RedisOptions>> = {
  // A lost reply is not sent again (it would be a second entry), and an outage answers at once:
  // what was not published is found by the sweep.
  producer: {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    autoResendUnfulfilledCommands: false,
  },
  // No command timeout here: it would count the wait itself. The socket's own timeout tears down a
  // black hole, the blocking timeout gives the loop back at once.
  reader: {
    maxRetriesPerRequest: null,
    enableAutoPipelining: false,
    blockingTimeout: BLOCK_MS + 2_000,
    socketTimeout: 2 * BLOCK_MS + 2_000,
  },
  commands: {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
  },
};

export interface Connection {
  readonly redis: Redis;
  lastError(): string | null;
}

export function connect(url: string, kind: ConnectionKind): Connection {
  const options = { ...OPTIONS[kind], retryStrategy: backoff, replyMapping: "legacy" as const };
  const redis: Redis = new Redis(url, options);
  let lastError: string | null = null;
  // Without a listener ioredis would print; the state is reported through health instead.
  redis.on("error", (error: Error) => {
    lastError = error.message;
  });
  redis.on("ready", () => {
    lastError = null;
  });
  return { redis, lastError: () => lastError };
}

/** Ends a connection without waiting for a peer that may not answer. */
export function hangUp(redis: Redis): void {
  redis.disconnect(false);
}
