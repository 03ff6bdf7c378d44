// Alpaca's prices: the latest trades and quotes of many symbols in one call each, and the data stream
// where it is switched on. On our own wire, because the SDK makes binary floats of every price.
import { groupsOf } from "../../domain/groups.ts";
import type { InstrumentId } from "../../domain/ids.ts";
import type { AssetClass, Instrument } from "../../domain/instrument.ts";
import type { Quotation } from "../../domain/quotation.ts";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarkListener, MarketData, MarkStream } from "../../ports/market-data.ts";
import { streamMarks } from "./data-stream.ts";
import { bodyOrThrow } from "./faults.ts";
import { quotationFrom } from "./quotation.ts";
import { parseMarketJson, quotesSchema, tradesSchema } from "./market-schema.ts";
import { connectOf } from "./options.ts";
import type { AlpacaEndpoint } from "./options.ts";
import { CallRefused, RefusedSymbols } from "./refused-symbols.ts";
import { AlpacaWire } from "./wire.ts";

export interface AlpacaMarketDataOptions extends Pick<
  AlpacaEndpoint,
  "dataUrl" | "keyId" | "secret" | "connect"
> {
  readonly clock: Clock;
  /** `iex` is free; `sip` sees every venue and must be paid for. */
  readonly stockFeed?: "iex" | "sip" | "delayed_sip";
  /** `wss://stream.data.alpaca.markets`; null leaves the prices to the poll. */
  readonly dataStreamUrl: string | null;
}

/** Keeps the address of a call well below what servers take. */
const SYMBOLS_PER_CALL = 200;
const TIMEOUT_MS = 5_000;
/** Of an error that is told on: enough for its sentence. */
const EXCERPT = 200;

export function createAlpacaMarketData(options: AlpacaMarketDataOptions): MarketData {
  const { clock, keyId, secret, dataStreamUrl, stockFeed = "iex" } = options;
  const wire = new AlpacaWire({
    ...{ baseUrl: options.dataUrl, keyId, secret, clock },
    timeoutMs: TIMEOUT_MS,
    ...connectOf(options),
  });

  const paths: Readonly<Record<AssetClass, (what: string, symbols: string) => string>> = {
    stock: (what, symbols) =>
      `/v2/stocks/${what}/latest?symbols=${encodeURIComponent(symbols)}&feed=${stockFeed}`,
    crypto: (what, symbols) =>
      `/v1beta3/crypto/us/latest/${what}?symbols=${encodeURIComponent(symbols)}`,
  };

  async function ask(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await wire.exchange({ method: "GET", path, signal });
    if (answer.kind === "answer" && answer.status === 400) {
      throw new CallRefused(`prices: ${answer.body.slice(0, EXCERPT)}`);
    }
    return parseMarketJson(bodyOrThrow(answer, "prices"));
  }

  const refusals = new RefusedSymbols(clock);

  async function latestOf(
    assetClass: AssetClass,
    instruments: readonly Instrument[],
    signal: AbortSignal,
  ): Promise<readonly Quotation[]> {
    const symbols = listOf(instruments);
    const path = paths[assetClass];
    const [trades, quotes] = await Promise.all([
      ask(path("trades", symbols), signal).then((body) => tradesSchema.safeParse(body)),
      ask(path("quotes", symbols), signal).then((body) => quotesSchema.safeParse(body)),
    ]);
    if (!trades.success || !quotes.success) throw new BrokerUnavailable("prices: unreadable");
    return instruments
      .map(({ id, symbol }) =>
        quotationFrom(id, trades.data.trades[symbol] ?? null, quotes.data.quotes[symbol] ?? null),
      )
      .filter((told) => told !== null);
  }

  return {
    name: "alpaca",
    async latest(instruments, signal, failed = () => undefined) {
      const asked = chunks(refusals.without(instruments));
      return gathered(
        asked.map(([assetClass, chunk]) =>
          refusals.around(chunk, {
            ask: (part) => latestOf(assetClass, part, signal),
            probe: (part) => ask(paths[assetClass]("trades", listOf(part)), signal),
            failed,
          }),
        ),
        failed,
      );
    },
    stream: (listener: MarkListener): MarkStream | null =>
      dataStreamUrl === null
        ? null
        : streamMarks({ url: dataStreamUrl, stockFeed, keyId, secret, clock, listener }),
  };
}

/** The prices of one call are not lost because another failed: that one is told beside them. */
async function gathered(
  calls: readonly Promise<readonly Quotation[]>[],
  failed: (error: unknown) => void,
): Promise<readonly Quotation[]> {
  const settled = await Promise.allSettled(calls);
  const told = settled.flatMap((call) => (call.status === "fulfilled" ? call.value : []));
  const reasons = settled.flatMap((call) =>
    call.status === "rejected" ? [call.reason as unknown] : [],
  );
  if (reasons.length > 0 && told.length === 0) throw reasons.shift();
  for (const reason of reasons) failed(reason);
  return told;
}

function listOf(instruments: readonly Instrument[]): string {
  return instruments.map(({ symbol }) => symbol).join(",");
}

type Chunk = readonly [AssetClass, readonly Instrument[]];

/** By asset class, since each has an address of its own; each instrument once. */
function chunks(instruments: readonly Instrument[]): readonly Chunk[] {
  const unique = new Map<InstrumentId, Instrument>(instruments.map((item) => [item.id, item]));
  return (["stock", "crypto"] as const).flatMap((assetClass) => {
    const ofClass = [...unique.values()].filter((item) => item.assetClass === assetClass);
    return groupsOf(ofClass, SYMBOLS_PER_CALL).map((group): Chunk => [assetClass, group]);
  });
}
