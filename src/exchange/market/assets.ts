// The listings as the matching core knows them.
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "../core/asset.ts";
import { uuidOf } from "../random.ts";
import type { CryptoListing, StockListing } from "./listings.ts";
import { CRYPTO, STOCKS } from "./listings.ts";

/** Two ids that recorded traffic shows; the rest follow from the symbol and never change either. */
const KNOWN_IDS: Readonly<Record<string, string>> = {
  AAPL: "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
  "BTC/USD": "276e2673-764b-4ab6-a611-caf665ca6340",
};

const NANO = Decimal.of("0.000000001");

function assetId(symbol: string): string {
  return KNOWN_IDS[symbol] ?? uuidOf(`asset/${symbol}`);
}

function stock(listing: StockListing): Asset {
  const limits = new Set(listing.limits ?? []);
  return {
    id: assetId(listing.symbol),
    symbol: listing.symbol,
    assetClass: "us_equity",
    exchange: listing.exchange,
    name: listing.name,
    tradable: !limits.has("not_tradable"),
    marginable: !limits.has("not_tradable"),
    shortable: !limits.has("not_shortable"),
    fractionable: !limits.has("not_fractionable"),
    holding: listing.symbol,
    paidIn: "USD",
    priceIncrement: Decimal.of("0.01"),
    quantityIncrement: NANO,
    minimumQuantity: NANO,
    attributes: limits.has("not_fractionable") ? [] : ["fractional_eh_enabled", "has_options"],
  };
}

function coinListing(coin: string): string {
  return coin === "USD" ? "USD" : `${coin}/USD`;
}

function pair(listing: CryptoListing): Asset {
  const [base = "", quote = ""] = listing.symbol.split("/");
  return {
    id: assetId(listing.symbol),
    symbol: listing.symbol,
    assetClass: "crypto",
    exchange: "CRYPTO",
    name: listing.name,
    tradable: true,
    marginable: false,
    shortable: false,
    fractionable: true,
    holding: coinListing(base),
    paidIn: coinListing(quote),
    priceIncrement: NANO,
    quantityIncrement: NANO,
    minimumQuantity: NANO,
    attributes: [],
  };
}

export function listedAssets(): ReadonlyMap<string, Asset> {
  const assets = [...STOCKS.map(stock), ...CRYPTO.map(pair)];
  return new Map(assets.map((asset) => [asset.symbol, asset]));
}
