// The stream `trade_signals`, for senders without HTTP: one field `signal` with the JSON that the API
// takes, and optionally `key` to make repeats harmless and `traceparent`. Read by one router in the deployment.
import type { Redis } from "ioredis";
import { BLOCK_MS, connect, hangUp } from "./connect.ts";
import { DEAD_LETTERS, PUBLIC_SIGNALS, ROUTER_GROUP } from "./keys.ts";

export interface PublicEntry {
  readonly entryId: string;
  /** The signal's text, or null when the entry has no such field. */
  readonly body: string | null;
  readonly key: string | null;
  /** The field `traceparent`, as W3C writes it. */
  readonly traceParent: string | null;
  /** Everything that was in the entry, for a dead letter. */
  readonly raw: string;
}

export interface PublicEntrance {
  /** Entries that nobody has finished: first those read before and left, then new ones. */
  read(count: number): Promise<readonly PublicEntry[]>;
  /** They are rows or dead letters now. */
  done(entries: readonly PublicEntry[]): Promise<void>;
  /** A copy for people who watch the stream; the record is in PostgreSQL. */
  bury(letters: readonly { readonly entry: PublicEntry; readonly reason: string }[]): Promise<void>;
  close(): Promise<void>;
}

const KEPT_LETTERS = 10_000;
/** Longer ones are cut in the letter: nothing useful is that long. */
const MAX_RAW = 20_000;

type RawEntry = [id: string, fields: string[] | null];

export function createPublicEntrance(url: string): PublicEntrance {
  const reader = connect(url, "reader").redis;
  const commands = connect(url, "commands").redis;
  // After every connection what was read and not finished comes first.
  let from = "0";
  reader.on("ready", () => {
    from = "0";
  });
  return {
    async read(count) {
      await ensureGroup(commands);
      const answer = (await reader.xreadgroup(
        "GROUP",
        ROUTER_GROUP,
        "router",
        "COUNT",
        count,
        "BLOCK",
        BLOCK_MS,
        "STREAMS",
        PUBLIC_SIGNALS,
        from,
      )) as [string, RawEntry[]][] | null;
      const entries = (answer ?? []).flatMap(([, raw]) => raw.map(toEntry));
      if (entries.length === 0) from = ">";
      return entries;
    },
    async done(entries) {
      if (entries.length === 0) return;
      const ids = entries.map(({ entryId }) => entryId);
      await commands
        .multi()
        .xack(PUBLIC_SIGNALS, ROUTER_GROUP, ...ids)
        .xdel(PUBLIC_SIGNALS, ...ids)
        .exec();
    },
    async bury(letters) {
      const pipeline = commands.pipeline();
      for (const { entry, reason } of letters) {
        pipeline.xadd(
          ...([DEAD_LETTERS, "MAXLEN", "~", KEPT_LETTERS, "*"] as const),
          ...["entry", entry.entryId, "reason", reason, "body", entry.raw],
        );
      }
      await pipeline.exec();
    },
    async close() {
      hangUp(reader);
      hangUp(commands);
    },
  };
}

async function ensureGroup(redis: Redis): Promise<void> {
  try {
    await redis.xgroup("CREATE", PUBLIC_SIGNALS, ROUTER_GROUP, "0", "MKSTREAM");
  } catch (error: unknown) {
    if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
  }
}

function toEntry([entryId, fields]: RawEntry): PublicEntry {
  const pairs = fields ?? [];
  const valueOf = (name: string): string | null => {
    const at = pairs.findIndex((field, index) => index % 2 === 0 && field === name);
    return at < 0 ? null : (pairs[at + 1] ?? null);
  };
  const raw = JSON.stringify(pairs).slice(0, MAX_RAW);
  const traceParent = valueOf("traceparent");
  return { entryId, body: valueOf("signal"), key: valueOf("key"), traceParent, raw };
}
