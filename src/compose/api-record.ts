// What the API asks of the record, shared out among its pools: what each caller may have read anew, and at
// any length, goes through the listings', so that keys, commands and the stop never queue behind it.
import type { ApiDeps } from "../api/deps.ts";
import { PostgresFeeds } from "../db/feeds.ts";
import { PostgresMarks } from "../db/marks.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import { postgresMetrics } from "../db/queries/metrics.ts";
import { postgresOperations } from "../db/queries/postgres-operations.ts";
import { postgresQueries } from "../db/queries/postgres-queries.ts";
import { postgresWebhooks } from "../db/queries/webhooks.ts";

type ApiRecord = Pick<
  ApiDeps,
  | "acceptance"
  | "queries"
  | "operations"
  | "metrics"
  | "webhooks"
  | "feed"
  | "streamed"
  | "marks"
  | "engine"
>;

/** `aheadMs`: how far our clock is set ahead of the database's. */
export function apiRecord(store: PostgresStore, aheadMs: number): ApiRecord {
  return {
    acceptance: store.acceptance,
    queries: postgresQueries(store),
    operations: postgresOperations(store, aheadMs),
    // All who scrape together share one reading.
    metrics: postgresMetrics(store.queries),
    webhooks: postgresWebhooks(store.queries),
    feed: store.feeds,
    streamed: new PostgresFeeds(store.listings),
    marks: new PostgresMarks(store.listings),
    engine: store.previews,
  };
}
