// The accounts and instruments that a request may name, kept current from the store.
import type { Account } from "../domain/book.ts";
import type { InstrumentId } from "../domain/ids.ts";
import type { Instrument, Venue } from "../domain/instrument.ts";
import type { ConfigurationStore } from "../ports/store.ts";
import { Problem } from "./problem.ts";

/** The venues that an account trades on, the one that a plain symbol means first. */
export type VenuesOf = (account: Account) => readonly Venue[];

const BROKER_VENUES: Readonly<Record<string, readonly Venue[]>> = {
  alpaca: ["XNYS", "CRYPTO"],
  kis: ["XKRX"],
  ssi: ["HOSE", "HNX", "UPCOM"],
};

/** `stockVenue` is where the mock account trades stocks: `SIM`, or `XNYS` by the real calendar. */
export function venuesOf(stockVenue: Venue): VenuesOf {
  return ({ broker, environment }) => {
    const venues = BROKER_VENUES[broker] ?? [];
    return environment === "mock"
      ? venues.map((venue) => (venue === "XNYS" ? stockVenue : venue))
      : venues;
  };
}

export class Directory {
  readonly #venuesOf: VenuesOf;
  #accounts: ReadonlyMap<string, Account>;
  #instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** Per venue, by the letters and digits of the symbol. */
  #bySymbol: ReadonlyMap<Venue, ReadonlyMap<string, Instrument>>;

  constructor(accounts: readonly Account[], instruments: readonly Instrument[], venues: VenuesOf) {
    this.#venuesOf = venues;
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.#instruments = new Map(instruments.map((one) => [one.id, one]));
    this.#bySymbol = indexBySymbol(instruments);
  }

  static async read(store: ConfigurationStore, venues: VenuesOf): Promise<Directory> {
    const [accounts, instruments] = await Promise.all([store.accounts(), store.instruments()]);
    return new Directory(accounts, instruments, venues);
  }

  /** Reads again: the next request sees what is there now. */
  async refresh(store: ConfigurationStore): Promise<void> {
    const [accounts, instruments] = await Promise.all([store.accounts(), store.instruments()]);
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.#instruments = new Map(instruments.map((one) => [one.id, one]));
    this.#bySymbol = indexBySymbol(instruments);
  }

  get accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  instrument(id: InstrumentId): Instrument | undefined {
    return this.#instruments.get(id);
  }

  accountById(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  /** The account that a request names, or the only one there is. */
  account(asked: string | null): Account {
    const [first, second] = this.#accounts.values();
    if (first === undefined) throw notSetUp();
    if (asked !== null) {
      const found = this.#accounts.get(asked);
      if (found !== undefined) return found;
      throw unknownAccount(`There is no account ${asked}`, this.accounts);
    }
    if (second === undefined) return first;
    throw unknownAccount("Name the account, since there are several", this.accounts);
  }

  /** Throws `unknown_symbol` for what the account's broker does not list. */
  resolve(account: Account, symbol: string): Instrument {
    const found = this.find(account, symbol);
    if (found !== null) return found;
    throw new Problem(
      "unknown_symbol",
      `${symbol} is not an instrument that the account ${account.id} can trade.`,
      { fields: [{ field: "symbol", message: "is not known" }] },
    );
  }

  find(account: Account, symbol: string): Instrument | null {
    const venues = this.#venuesOf(account);
    const colon = symbol.indexOf(":");
    const asked = colon < 0 ? null : symbol.slice(0, colon).toUpperCase();
    const plain = lettersOf(colon < 0 ? symbol : symbol.slice(colon + 1));
    const among = asked === null ? venues : venues.filter((venue) => venue === asked);
    const found = this.#first(among, plain);
    if (found?.tradable === true) return found;
    // A broker that keeps dollars trades BTC/USD; people and their tools write BTCUSDT all the same.
    const alias = inAccountCurrency(plain, account.currency);
    const other = alias === null ? null : this.#first(among, alias);
    return other?.assetClass === "crypto" && other.tradable ? other : found;
  }

  /** Every instrument that a symbol may mean, whoever trades it. */
  idsOf(symbol: string): readonly InstrumentId[] {
    const colon = symbol.indexOf(":");
    const asked = colon < 0 ? null : symbol.slice(0, colon).toUpperCase();
    const plain = lettersOf(symbol.slice(colon + 1));
    const ids = new Set<InstrumentId>();
    for (const [venue, index] of this.#bySymbol) {
      const found = asked === null || asked === venue ? index.get(plain) : undefined;
      if (found !== undefined) ids.add(found.id);
    }
    for (const account of this.accounts) {
      const found = this.find(account, symbol);
      if (found !== null) ids.add(found.id);
    }
    return [...ids];
  }

  #first(venues: readonly Venue[], plain: string): Instrument | null {
    for (const venue of venues) {
      const found = this.#bySymbol.get(venue)?.get(plain);
      if (found !== undefined) return found;
    }
    return null;
  }
}

/** Before the first contact with a broker: a matter of seconds, unless no worker runs. */
export function notSetUp(): Problem {
  return new Problem(
    "not_set_up",
    "No account is set up yet: the first worker that starts and reaches its broker does it.",
    { retryAfterSeconds: 1 },
  );
}

function unknownAccount(why: string, accounts: readonly Account[]): Problem {
  const names = accounts.map(({ id }) => id).join(", ");
  return new Problem("unknown_account", `${why}: ${names}.`, {
    fields: [{ field: "account", message: "is not known" }],
  });
}

/** `btc-usd`, `BTC/USD` and `BTCUSD` are one; a dot stays, since BRK.B and BRKB are two. */
function lettersOf(symbol: string): string {
  return symbol.toUpperCase().replace(/[/_-]/g, "");
}

const STABLE = /^([A-Z0-9]+)(?:USDT|USDC|USD)$/;

function inAccountCurrency(plain: string, currency: string): string | null {
  const base = STABLE.exec(plain)?.[1];
  const alias = base === undefined ? null : base + currency;
  return alias === plain ? null : alias;
}

function indexBySymbol(
  instruments: readonly Instrument[],
): ReadonlyMap<Venue, ReadonlyMap<string, Instrument>> {
  const index = new Map<Venue, Map<string, Instrument>>();
  for (const instrument of instruments) {
    let venue = index.get(instrument.venue);
    if (venue === undefined) index.set(instrument.venue, (venue = new Map<string, Instrument>()));
    venue.set(lettersOf(instrument.symbol), instrument);
  }
  return index;
}
