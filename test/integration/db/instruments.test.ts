// The broker's list of instruments, read again while everything runs: from the exchange's wire through the
// adapter into the database, and from there into every process.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAlpacaListing } from "../../../src/brokers/alpaca/directory.ts";
import { openListing, type Listing } from "../../../src/compose/listing.ts";
import { settlePartitions } from "../../../src/db/deployment.ts";
import { PostgresStore } from "../../../src/db/postgres-store.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { freshDatabase, type FreshDatabase } from "../../support/fresh.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { startMockAlpaca, type MockAlpaca } from "../../support/mock-alpaca.ts";
import { eventually, realClock } from "../../support/real-clock.ts";

const HOUR = 3_600_000;
let database: FreshDatabase;
let store: PostgresStore;
let alpaca: MockAlpaca;
let clock: ManualClock;
/** One process reads the list; the other only follows. */
let reader: Listing;
let follower: Listing;
let readings = 0;
let cut = (listed: readonly Instrument[]) => listed;
const warnings: string[] = [];
const stop = new AbortController();

beforeAll(async () => {
  database = await freshDatabase();
  store = new PostgresStore({ url: database.url, name: "test", clock: realClock });
  await settlePartitions(store.queries, 1);
  alpaca = await startMockAlpaca();
  clock = new ManualClock();
  await alpaca.control("/assets", { NVDA: { tradable: false } });
  reader = await open();
  follower = await open();
  void reader.job.run(stop.signal).catch(() => undefined);
});
afterAll(async () => {
  stop.abort();
  await reader.close();
  await follower.close();
  await store.close();
  await alpaca.stop();
  await database.drop();
});

function open(): Promise<Listing> {
  return openListing({
    ...{ store, clock, everyMs: HOUR, venues: ["SIM", "CRYPTO"] },
    log: { info: () => undefined, warn: (_: unknown, text?: string) => warnings.push(text ?? "") },
    async read() {
      const listed = await readAlpacaListing(alpaca.endpoint, AbortSignal.timeout(10_000));
      readings += 1;
      return cut(listed);
    },
  });
}

async function anHourLater(): Promise<void> {
  const before = readings;
  await clock.advance(HOUR);
  await eventually(() => readings > before, "the list was read again");
}

const seenBy = (listing: Listing, symbol: string) => listing.symbols.resolve(symbol);

describe("the list of instruments", () => {
  it("is the one of the start until it is read again", async () => {
    expect(seenBy(follower, "NVDA")).toBeNull();
    expect(seenBy(follower, "AAPL")).toMatchObject({ tradable: true, shortable: true });
    const ids = (await store.configuration.instruments()).map(({ id }) => id);
    expect(ids).toContain("SIM:AAPL");
  });

  it("brings new listings and changed flags to every process, and keeps what is listed no more", async () => {
    await alpaca.control("/assets", {
      NVDA: { tradable: true },
      AAPL: { shortable: false },
      MSFT: { tradable: false },
    });
    await anHourLater();
    for (const listing of [reader, follower]) {
      await eventually(() => seenBy(listing, "NVDA")?.tradable === true, "a new listing is known");
      expect(seenBy(listing, "AAPL")).toMatchObject({ tradable: true, shortable: false });
      expect(seenBy(listing, "MSFT")).toMatchObject({ tradable: false, shortable: false });
    }
    const rows = await store.configuration.instruments();
    expect(rows.find(({ id }) => id === "SIM:MSFT")).toMatchObject({ tradable: false });
  });

  it("does not believe that half of a market is gone, asks again soon, and says so", async () => {
    cut = (listed) => listed.slice(0, 3);
    await anHourLater();
    await eventually(() => warnings.length > 0, "a warning");
    expect(seenBy(reader, "TSLA")?.tradable).toBe(true);
    cut = (listed) => listed;
    await alpaca.control("/assets", { MSFT: { tradable: true } });
    const before = readings;
    await clock.advance(60_000);
    await eventually(() => readings > before, "the list was read again");
    await eventually(() => seenBy(follower, "MSFT")?.tradable === true, "listed again");
  });

  it("of a broker that is away is what it listed last", async () => {
    await alpaca.stop();
    const later = await open();
    expect(seenBy(later, "NVDA")?.tradable).toBe(true);
    await later.close();
  });
});
