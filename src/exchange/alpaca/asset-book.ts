// Finds an asset by every name that clients use for it.
import type { Asset } from "../core/asset.ts";
import { positionSymbol } from "../core/asset.ts";

export class AssetBook {
  readonly #byName = new Map<string, Asset>();
  readonly all: readonly Asset[];

  constructor(assets: ReadonlyMap<string, Asset>) {
    this.all = [...assets.values()];
    for (const asset of this.all) {
      this.#byName.set(asset.symbol, asset);
      this.#byName.set(asset.id, asset);
      const plain = positionSymbol(asset);
      if (!this.#byName.has(plain)) this.#byName.set(plain, asset);
    }
  }

  /** `AAPL`, `BTC/USD`, `BTCUSD`, an asset id, `AAPL:NASDAQ`, `AAPL:NASDAQ:us_equity`. */
  find(name: string): Asset | null {
    const direct = this.#byName.get(name);
    if (direct !== undefined) return direct;
    const [symbol = "", exchange, assetClass] = name.split(":");
    if (exchange === undefined) return null;
    const asset = this.#byName.get(symbol);
    if (asset === undefined || asset.exchange !== exchange) return null;
    return assetClass === undefined || assetClass === asset.assetClass ? asset : null;
  }
}
