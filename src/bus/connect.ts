// How each kind of Redis connection must be set, found by cutting and black-holing real ones:
// a producer must neither resend nor hang, a blocking reader must notice a dead peer by itself.
import { Redis, type ChainableCommander, type RedisOptions } from "ioredis";

export type ConnectionKind = "producer" | "reader" | "commands";

/** An answer that takes longer does not come: the connection is ended with all that waits on it. */
const SILENCE_MS = 1_000;
/** Longest wait inside one blocking read; the reader's own timeouts are derived from it. */
export const BLOCK_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** How long a connection that was ended may take to say goodbye to a peer that may be gone. */
const GOODBYE_MS = 100;

/** Backoff that reaches its ceiling after five tries, with jitter so that processes spread out. */
function backoff(attempt: number): number {
  return Math.min(50 * 2 ** attempt, 1_000) + Math.floor(Math.random() * 50);
}

// Nothing is sent again on the next connection. A write would be a second entry, and a read that nobody
// waits for any more would take entries and give them to nobody. What fails is told at once, and whoever
// asked tries again or leaves it to the sweep.
const ALL: RedisOptions = {
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: GOODBYE_MS,
  retryStrategy: backoff,
};

// `commandTimeout` gives the caller back and keeps the command for as long as TCP hopes, a quarter of an
// hour and all that was written to a black hole meanwhile. `socketTimeout` ends the connection and with it
// everything that waits; it counts only while something waits.
const SHORT: RedisOptions = { commandTimeout: SILENCE_MS, socketTimeout: SILENCE_MS };

const OPTIONS: Readonly<Record<ConnectionKind, RedisOptions>> = {
  producer: SHORT,
  // No timeout of the command: it would count the wait itself. Nor `blockingTimeout`, which gives nothing
  // for an answer that is late, and drops the entries in it.
  reader: { socketTimeout: 3 * BLOCK_MS },
  commands: SHORT,
};

export interface Connection {
  readonly redis: Redis;
  lastError(): string | null;
}

export function connect(url: string, kind: ConnectionKind): Connection {
  const redis: Redis = new Redis(url, { ...ALL, ...OPTIONS[kind], replyMapping: "legacy" });
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

/** Sends what was gathered, and throws the first failure in it: a pipeline by itself only reports them. */
export async function sent(pipeline: ChainableCommander): Promise<void> {
  const results = await pipeline.exec();
  const failed = results?.find(([error]) => error !== null)?.[0];
  if (failed != null) throw failed;
}
