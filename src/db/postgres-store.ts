// Everything the record can do, on one database: pools apart, so that no commit waits behind a page of the
// dashboard, and no key, command or stop behind a listing.
import type { Clock } from "../ports/clock.ts";
import type {
  ConfigurationStore,
  EngineStore,
  SharedFeedStore,
  LogText,
  LeaseStore,
  MarkStore,
} from "../ports/store.ts";
import { PostgresAcceptance } from "./accept.ts";
import { connect, type Sql } from "./client.ts";
import { PostgresConfiguration } from "./configuration/store.ts";
import { PostgresEngineStore } from "./engine-store.ts";
import { PostgresFeeds } from "./feeds.ts";
import { GroupCommit } from "./group-commit.ts";
import { PostgresLeases } from "./leases.ts";
import { PostgresMarks } from "./marks.ts";
import { WarmConnections } from "./warm-connections.ts";
import { workerStore, type WorkerStore } from "./worker-store.ts";

export interface PostgresStoreOptions {
  readonly url: string;
  /** Shown in pg_stat_activity: `fillstream worker`. */
  readonly name: string;
  readonly clock: Pick<Clock, "after" | "monotonic">;
  /** Connections for acceptances and books. */
  readonly hotConnections?: number;
  /** Connections for everything else. */
  readonly queryConnections?: number;
}

/** An acceptance, and the books of a worker that takes several partitions at once. */
const HOT_CONNECTIONS = 4;
const QUERY_CONNECTIONS = 4;
const LISTING_CONNECTIONS = 3;
const CLOSE_SECONDS = 2;

export class PostgresStore {
  /** For acceptances and books. */
  readonly hot: Sql;
  /** As many as there are commits in flight. */
  readonly #commits: WarmConnections;
  /** For everything else that is short: keys, commands, the switch, health. */
  readonly queries: Sql;
  /** For what grows with the record and may be asked as often as somebody likes; opened when asked. */
  readonly listings: Sql;
  /** For whoever keeps a lock of a session as long as it lives; opened when kept. */
  readonly standing: Sql;
  readonly engine: EngineStore;
  /** For previews: a book is as long as a listing. */
  readonly previews: Pick<EngineStore, "loadBook">;
  /** Shares commits among everything that waits. */
  readonly acceptance: GroupCommit;
  readonly leases: LeaseStore;
  readonly configuration: ConfigurationStore;
  readonly marks: MarkStore;
  readonly feeds: SharedFeedStore & LogText;
  /** All of it but acceptance as one object, as the engine takes it. */
  readonly worker: WorkerStore;

  constructor(options: PostgresStoreOptions) {
    const { url, name, clock } = options;
    const maxHot = options.hotConnections ?? HOT_CONNECTIONS;
    const maxQueries = options.queryConnections ?? QUERY_CONNECTIONS;
    this.hot = connect({ url, name, maxConnections: maxHot });
    this.queries = connect({ url, name: `${name} queries`, maxConnections: maxQueries });
    this.listings = connect({ url, name: `${name} listings`, maxConnections: LISTING_CONNECTIONS });
    this.standing = connect({ url, name: `${name} standing`, maxConnections: 1 });
    const commits = () =>
      connect({ url, name: `${name} commits`, maxConnections: 1, lasting: true });
    this.#commits = new WarmConnections([commits(), commits()]);
    this.engine = new PostgresEngineStore(this.hot, this.#commits);
    const books = new PostgresEngineStore(this.listings, this.#commits);
    this.previews = { loadBook: (partition) => books.loadBook(partition) };
    this.acceptance = new GroupCommit(new PostgresAcceptance(this.hot), clock);
    this.leases = new PostgresLeases(this.queries, clock);
    this.configuration = new PostgresConfiguration(this.queries);
    this.marks = new PostgresMarks(this.queries);
    this.feeds = new PostgresFeeds(this.queries);
    this.worker = workerStore(this);
  }

  /**
   * Waits for what is under way, and not longer than the longest statement of a healthy server: after an
   * outage postgres.js would otherwise wait for ever for answers that were lost.
   */
  async close(): Promise<void> {
    const timeout = CLOSE_SECONDS;
    const all = [this.hot, this.#commits, this.queries, this.listings, this.standing];
    await Promise.all(all.map((connections) => connections.end({ timeout })));
  }
}
