// Readers of the log: each partition by its own place, so that one that is read slowly holds up no other.
import type { LoggedEvent } from "../domain/event.ts";
import type { FeedCursor, LoggedText, LogText, SharedFeedStore } from "../ports/store.ts";
import { plainArray } from "./array-literal.ts";
import { reading, type Sql } from "./client.ts";
import { firstBehind } from "./first-behind.ts";
import { loggedEvent, loggedText, type EventRow } from "./event-codec.ts";

interface Place {
  readonly partition: number;
  readonly seq: number;
}

export class PostgresFeeds implements SharedFeedStore, LogText {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async read(cursor: FeedCursor, limit: number): Promise<readonly LoggedEvent[]> {
    return (await this.#rows(cursor, limit)).map(loggedEvent);
  }

  async readText(cursor: FeedCursor, limit: number): Promise<readonly LoggedText[]> {
    return (await this.#rows(cursor, limit)).map(loggedText);
  }

  /** The oldest first across partitions; within each in the order of its log. */
  async #rows(cursor: FeedCursor, limit: number): Promise<readonly EventRow[]> {
    const places = [...cursor];
    const first = firstBehind(this.#sql, {
      ...{ table: "order_events", column: "seq" },
      partition: this.#sql`p.partition`,
      place: this.#sql`coalesce(c.seq, 0)`,
    });
    return reading(
      () => this.#sql<EventRow[]>`
        SELECT e.partition, e.seq, e.version, e.type, e.account_id,
          (extract(epoch FROM e.at) * 1000)::bigint AS at, e.actor, e.correlation_id,
          e.causation_id, e.payload::text AS payload
        FROM partitions p
        LEFT JOIN unnest(${plainArray(places.map(([partition]) => partition))}::smallint[],
          ${plainArray(places.map(([, seq]) => seq))}::bigint[]) AS c (partition, seq)
          ON c.partition = p.partition
        CROSS JOIN LATERAL (SELECT ${first} AS seq) AS first
        CROSS JOIN LATERAL (
          SELECT *, max(next.at) OVER (ORDER BY next.seq) AS turn FROM (
            SELECT * FROM order_events e
            WHERE e.partition = p.partition AND e.seq >= first.seq AND e.seq < first.seq + ${limit}
            ORDER BY e.seq LIMIT ${limit}) AS next) AS e
        WHERE p.last_seq > coalesce(c.seq, 0)
        -- A clock that jumped back must not put an event before the one that it follows.
        ORDER BY e.turn, e.partition, e.seq LIMIT ${limit}`,
    );
  }

  async head(): Promise<FeedCursor> {
    const rows = await reading(
      () => this.#sql<Place[]>`
        SELECT partition, last_seq AS seq FROM partitions WHERE last_seq > 0`,
    );
    return new Map(rows.map(({ partition, seq }) => [partition, seq]));
  }

  async loadCursor(feed: string): Promise<FeedCursor> {
    const rows = await reading(
      () => this.#sql<Place[]>`
        SELECT partition, seq FROM feed_cursors WHERE feed = ${feed}`,
    );
    return new Map(rows.map(({ partition, seq }) => [partition, seq]));
  }

  async saveCursor(feed: string, cursor: FeedCursor): Promise<void> {
    const places = [...cursor];
    if (places.length === 0) return;
    await reading(
      () => this.#sql`
        INSERT INTO feed_cursors (feed, partition, seq)
        SELECT ${feed}, u.* FROM unnest(
          ${plainArray(places.map(([partition]) => partition))}::smallint[],
          ${plainArray(places.map(([, seq]) => seq))}::bigint[]) AS u
        ON CONFLICT (feed, partition) DO UPDATE SET seq = excluded.seq, saved_at = now()`,
    );
  }

  async advanceCursor(feed: string, from: FeedCursor, to: FeedCursor): Promise<boolean> {
    const moved = [...to].filter(([partition, seq]) => from.get(partition) !== seq);
    if (moved.length === 0) return true;
    const rows = await reading(
      () => this.#sql`
        WITH moved AS (
          SELECT * FROM unnest(
            ${plainArray(moved.map(([partition]) => partition))}::smallint[],
            ${plainArray(moved.map(([partition]) => from.get(partition) ?? 0))}::bigint[],
            ${plainArray(moved.map(([, seq]) => seq))}::bigint[]) AS u (partition, before, seq)
        ), fresh AS (
          -- A partition that had no event yet when the reader was given its place.
          INSERT INTO feed_cursors (feed, partition, seq)
          SELECT ${feed}, partition, seq FROM moved
          WHERE before = 0 AND EXISTS (SELECT FROM feed_cursors WHERE feed = ${feed})
            AND NOT EXISTS (
              SELECT FROM feed_cursors c WHERE c.feed = ${feed} AND c.partition = moved.partition)
          ON CONFLICT (feed, partition) DO NOTHING RETURNING partition
        ), gone_on AS (
          UPDATE feed_cursors c SET seq = moved.seq, saved_at = now() FROM moved
          WHERE c.feed = ${feed} AND c.partition = moved.partition AND c.seq = moved.before
          RETURNING c.partition
        )
        SELECT FROM fresh UNION ALL SELECT FROM gone_on`,
    );
    return rows.length === moved.length;
  }
}
