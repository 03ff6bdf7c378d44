// An asset as Alpaca lists it.
import type { Asset } from "../../core/asset.ts";

export function assetJson(asset: Asset): Record<string, unknown> {
  const common = {
    id: asset.id,
    class: asset.assetClass,
    exchange: asset.exchange,
    symbol: asset.symbol,
    name: asset.name,
    status: asset.tradable ? "active" : "inactive",
    tradable: asset.tradable,
    marginable: asset.marginable,
    maintenance_margin_requirement: asset.assetClass === "crypto" ? 100 : 30,
    margin_requirement_long: asset.assetClass === "crypto" ? "100" : "30",
    margin_requirement_short: asset.assetClass === "crypto" ? "100" : "30",
    shortable: asset.shortable,
    easy_to_borrow: asset.shortable,
    borrow_status: asset.shortable ? "easy_to_borrow" : "hard_to_borrow",
    fractionable: asset.fractionable,
    attributes: asset.attributes,
  };
  if (asset.assetClass !== "crypto") return common;
  return {
    ...common,
    min_order_size: asset.minimumQuantity.toString(),
    min_trade_increment: asset.quantityIncrement.toString(),
    price_increment: asset.priceIncrement.toString(),
  };
}
