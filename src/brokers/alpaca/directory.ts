// Every instrument that Alpaca lists: stocks and pairs in two calls.
import { z } from "zod";
import type { Instrument } from "../../domain/instrument.ts";
import { BrokerUnavailable } from "../../ports/broker.ts";
import { assetSchema } from "./schema.ts";
import { instrumentOf } from "./instrument.ts";
import type { AssetRules } from "./instrument.ts";
import { AlpacaRest } from "./rest.ts";
import { AlpacaSymbols } from "./symbols.ts";
import { AlpacaWire } from "./wire.ts";
import type { Clock } from "../../ports/clock.ts";
import { connectOf } from "./options.ts";
import type { AlpacaEndpoint } from "./options.ts";

/** The list of all stocks is some megabytes. */
const TIMEOUT_MS = 60_000;

export interface AlpacaDirectoryOptions extends AlpacaEndpoint {
  readonly clock: Clock;
  readonly rules: AssetRules;
  /** `{ USDT: "USD" }` trades `BTCUSDT` as BTC/USD; empty refuses it. */
  readonly quoteAliases?: Readonly<Record<string, string>>;
}

export async function createAlpacaDirectory(
  options: AlpacaDirectoryOptions,
  signal: AbortSignal,
): Promise<AlpacaSymbols> {
  return new AlpacaSymbols(await readAlpacaListing(options, signal), options.quoteAliases);
}

/** Throws `BrokerUnavailable`: without its instruments nothing can be traded. */
export async function readAlpacaListing(
  options: AlpacaEndpoint & Pick<AlpacaDirectoryOptions, "clock" | "rules">,
  signal: AbortSignal,
): Promise<readonly Instrument[]> {
  const { tradingUrl: baseUrl, keyId, secret, clock, rules } = options;
  const rest = new AlpacaRest(
    new AlpacaWire({
      ...{ baseUrl, keyId, secret, clock, timeoutMs: TIMEOUT_MS },
      ...connectOf(options),
    }),
  );
  const lists = await Promise.all(
    (["us_equity", "crypto"] as const).map((assetClass) =>
      rest.read(`assets (${assetClass})`, z.array(z.unknown()), { signal }, (init) =>
        rest.assets.getV2AssetsRaw({ status: "active", assetClass }, init),
      ),
    ),
  );
  const instruments = lists
    .flat()
    .map((asset) => readAsset(asset, rules))
    .filter((instrument) => instrument !== null);
  if (instruments.length === 0) throw new BrokerUnavailable("assets: none that can be read");
  return instruments;
}

/** One asset of ten thousand that cannot be read is one that cannot be traded; the others can. */
function readAsset(asset: unknown, rules: AssetRules): Instrument | null {
  const parsed = assetSchema.safeParse(asset);
  return parsed.success ? instrumentOf(parsed.data, rules) : null;
}
