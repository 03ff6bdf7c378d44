// The stream `trade_signals`, for senders without HTTP: one field `signal` with the JSON that the API
// takes, and optionally `key` to make repeats harmless and `traceparent`. Read by one router in the
// deployment. Behind it stands no sweep, so every read looks first for what was read before and not
// finished: by a read whose answer was lost, by work that failed, or by the router before this one.
import type { Redis } from "ioredis";
import { BLOCK_MS, connect, hangUp } from "./connect.ts";
import { DEAD_LETTERS, PUBLIC_SIGNALS, ROUTER_GROUP } from "./keys.ts";
import { Watchdog } from "./watchdog.ts";

export interface PublicEntry {
  readonly entryId: string;
  /** When Redis took it, in milliseconds since 1970, by its id: reading it later makes it no younger. */
  readonly at: number;
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
type Asked = { readonly from: "left" | "new"; readonly count: number };

export function createPublicEntrance(url: string): PublicEntrance {
  const reader = connect(url, "reader").redis;
  const commands = connect(url, "commands").redis;
  const watchdog = new Watchdog(reader, BLOCK_MS);
  /** Halved by every read that fails: one that is too large for its time would fail for ever. */
  let most = Number.POSITIVE_INFINITY;

  async function readNext(count: number): Promise<readonly PublicEntry[]> {
    const [, left] = await Promise.all([
      ensureGroup(reader),
      read(reader, { from: "left", count }),
    ]);
    return left.length > 0 ? left : read(reader, { from: "new", count });
  }

  return {
    async read(count) {
      const asked = Math.min(count, most);
      most = Math.max(1, Math.floor(asked / 2));
      const entries = await watchdog.over(() => readNext(asked));
      most = 2 * asked;
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

async function read(redis: Redis, { from, count }: Asked): Promise<readonly PublicEntry[]> {
  const who = ["GROUP", ROUTER_GROUP, "router", "COUNT", count, "BLOCK", BLOCK_MS] as const;
  const start = from === "left" ? "0" : ">";
  const answer = await redis.xreadgroup(...who, "STREAMS", PUBLIC_SIGNALS, start);
  const streams = (answer ?? []) as [string, RawEntry[]][]; // what XREADGROUP answers with
  return streams.flatMap(([, raw]) => raw.map(toEntry));
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
  const at = Number(entryId.split("-")[0]);
  return { entryId, at, body: valueOf("signal"), key: valueOf("key"), traceParent, raw };
}
