// The instruments that the broker lists: read at the start and again from time to time, and kept in the
// database, from where every process has them. What is listed no more stays known, for it may be held;
// it cannot be traded.
import { AlpacaSymbols } from "../brokers/alpaca/symbols.ts";
import { saveInstruments } from "../db/configuration/instruments.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import type { Instrument, Venue } from "../domain/instrument.ts";
import type { Logger } from "../log.ts";
import { messageOf } from "../operator-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeploymentJob } from "../worker/job-host.ts";

export interface ListingDeps {
  readonly store: Pick<PostgresStore, "queries" | "configuration">;
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  readonly everyMs: number;
  /** Those that this broker lists; of other venues it says nothing. */
  readonly venues: readonly Venue[];
  read(): Promise<readonly Instrument[]>;
}

export interface Listing {
  /** Follows the database, so that all processes have the same. */
  readonly symbols: AlpacaSymbols;
  readonly job: DeploymentJob;
  close(): Promise<void>;
}

/** After a list that could not be had. */
const AGAIN_AFTER_MS = 60_000;

/** While the broker is away, what it listed last is used; with nothing at all there is no start. */
export async function openListing(deps: ListingDeps): Promise<Listing> {
  const { store, clock, log, everyMs } = deps;
  const known = await knownBefore(deps);
  const first = await readAgain(deps, known).catch((error: unknown) => {
    if (known.length === 0) throw error;
    log.warn(
      { cause: messageOf(error) },
      "the broker lists nothing now: using what it listed last",
    );
    return null;
  });
  const symbols = new AlpacaSymbols(first ?? known);
  const unsubscribe = await store.configuration.onChange(async () => {
    symbols.renew(await knownBefore(deps));
  });
  let pauseMs = first === null ? Math.min(AGAIN_AFTER_MS, everyMs) : everyMs;
  return {
    symbols,
    close: unsubscribe,
    job: {
      name: "instruments",
      async run(signal) {
        while (!signal.aborted) {
          await clock.sleep(pauseMs, signal);
          pauseMs = (await refresh(deps)) ? everyMs : Math.min(AGAIN_AFTER_MS, everyMs);
        }
      },
    },
  };
}

async function knownBefore({ store, venues }: ListingDeps): Promise<readonly Instrument[]> {
  const all = await store.configuration.instruments();
  return all.filter(({ venue }) => venues.includes(venue));
}

async function refresh(deps: ListingDeps): Promise<boolean> {
  try {
    await readAgain(deps, await knownBefore(deps));
    return true;
  } catch (error: unknown) {
    deps.log.warn({ cause: messageOf(error) }, "the list of instruments could not be read again");
    return false;
  }
}

async function readAgain(
  deps: ListingDeps,
  known: readonly Instrument[],
): Promise<readonly Instrument[]> {
  const listed = await deps.read();
  const there = new Set(listed.map(({ id }) => id));
  const gone = known.filter(({ id }) => !there.has(id));
  const traded = known.filter(({ tradable }) => tradable).length;
  const lost = gone.filter(({ tradable }) => tradable);
  // A market does not lose half of its names in an hour; a list does, when half of it was left out.
  if (lost.length * 2 > traded) {
    throw new Error(
      `the list leaves out ${lost.length} of ${traded} instruments that were tradable`,
    );
  }
  if (lost.length > 0) {
    const symbols = lost.slice(0, 20).map(({ symbol }) => symbol);
    deps.log.info({ count: lost.length, symbols }, "instruments are listed no more");
  }
  const delisted = gone.map((one) => ({ ...one, tradable: false, shortable: false }));
  await saveInstruments(deps.store.queries, [...listed, ...delisted]);
  return [...listed, ...delisted];
}
