// From what people and charting sites write to the instrument that is meant: `aapl`, `BRK-B`, `btc-usd`,
// `BTCUSD`, `BINANCE:BTCUSDT`. What is not certain is not guessed: it resolves to nothing.
import type { InstrumentId } from "../../domain/ids.ts";
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolDirectory } from "../../ports/broker.ts";

/** Quotes that are traded as another: the dollar tokens as the dollar, since the account holds dollars. */
const QUOTE_ALIASES: Readonly<Record<string, string>> = { USDT: "USD", USDC: "USD" };

/** Prefixes of charting sites. Those of markets abroad are not here: `LSE:VOD` is not `VOD`. */
const PREFIXES: ReadonlySet<string> = new Set([
  ...["NASDAQ", "NYSE", "AMEX", "ARCA", "BATS", "XNAS", "XNYS", "SIM"],
  ...["CRYPTO", "ALPACA", "BINANCE", "BITSTAMP", "BITFINEX", "COINBASE", "KRAKEN", "GEMINI"],
]);
const MAX_LENGTH = 40;
const SEPARATORS = /[-_/. ]/g;

export class AlpacaSymbols implements SymbolDirectory {
  #instruments: readonly Instrument[] = [];
  #byId: ReadonlyMap<InstrumentId, Instrument> = new Map();
  #bySymbol: ReadonlyMap<string, Instrument> = new Map();
  /** Pairs without their slash: `BTCUSD`. */
  #pairs: ReadonlyMap<string, Instrument> = new Map();
  readonly #quoteAliases: readonly (readonly [string, string])[];

  constructor(
    instruments: readonly Instrument[],
    quoteAliases: Readonly<Record<string, string>> = QUOTE_ALIASES,
  ) {
    this.#quoteAliases = Object.entries(quoteAliases);
    this.renew(instruments);
  }

  /** From now on these are the ones that there are. */
  renew(instruments: readonly Instrument[]): void {
    const pairs = instruments.filter(({ assetClass }) => assetClass === "crypto");
    this.#instruments = instruments;
    this.#byId = new Map(instruments.map((one) => [one.id, one]));
    this.#bySymbol = new Map(instruments.map((one) => [one.symbol, one]));
    this.#pairs = new Map(pairs.map((one) => [one.symbol.replace(SEPARATORS, ""), one]));
  }

  get instruments(): readonly Instrument[] {
    return this.#instruments;
  }

  byId(id: InstrumentId): Instrument | null {
    return this.#byId.get(id) ?? null;
  }

  resolve(text: string): Instrument | null {
    // The broker's own way of writing is the most frequent, and means exactly what it says.
    const exact = this.#bySymbol.get(text);
    if (exact !== undefined) return exact;
    if (text.length > MAX_LENGTH) return null;
    const symbol = withoutPrefix(text.trim().toUpperCase());
    if (symbol === null) return null;
    return this.#bySymbol.get(symbol) ?? this.#shareClass(symbol) ?? this.#pair(symbol);
  }

  /** `BRK-B` and `BRK/B` for `BRK.B`. */
  #shareClass(symbol: string): Instrument | undefined {
    const found = this.#bySymbol.get(symbol.replace(SEPARATORS, "."));
    return found?.assetClass === "stock" ? found : undefined;
  }

  #pair(symbol: string): Instrument | null {
    const joined = symbol.replace(SEPARATORS, "");
    const listed = this.#pairs.get(joined) ?? null;
    if (listed?.tradable === true) return listed;
    return this.#aliased(joined) ?? listed;
  }

  #aliased(joined: string): Instrument | null {
    for (const [written, traded] of this.#quoteAliases) {
      if (!joined.endsWith(written)) continue;
      const pair = this.#pairs.get(joined.slice(0, -written.length) + traded);
      if (pair !== undefined) return pair;
    }
    return null;
  }
}

/** Null for a prefix that names another market. */
function withoutPrefix(symbol: string): string | null {
  const colon = symbol.indexOf(":");
  if (colon < 0) return symbol;
  return PREFIXES.has(symbol.slice(0, colon)) ? symbol.slice(colon + 1) : null;
}
