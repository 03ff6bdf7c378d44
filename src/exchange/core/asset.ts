// What is listed here, and in which steps it trades.
import { Decimal } from "../../domain/decimal.ts";

export type AssetClass = "us_equity" | "crypto";

export interface Asset {
  readonly id: string;
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly exchange: string;
  readonly name: string;
  /** These two may change while the exchange runs. */
  tradable: boolean;
  shortable: boolean;
  readonly marginable: boolean;
  readonly fractionable: boolean;
  /** The listing whose position a trade changes: BTC/USDT moves the position of BTC/USD. */
  readonly holding: string;
  /** What a trade is paid in: `USD`, or the symbol of the listing that stands for the coin. */
  readonly paidIn: string;
  readonly priceIncrement: Decimal;
  readonly quantityIncrement: Decimal;
  readonly minimumQuantity: Decimal;
  readonly attributes: readonly string[];
}

const PENNY = Decimal.of("0.01");
const SUB_PENNY = Decimal.of("0.0001");

/** Stocks under a dollar trade in hundredths of a cent; crypto in the pair's own step. */
export function priceStep(asset: Asset, price: Decimal): Decimal {
  if (asset.assetClass === "crypto") return asset.priceIncrement;
  return price.gte(Decimal.ONE) ? PENNY : SUB_PENNY;
}

/** Crypto positions are called BTCUSD although the pair is BTC/USD. */
export function positionSymbol(asset: Asset): string {
  return asset.symbol.replace("/", "");
}
