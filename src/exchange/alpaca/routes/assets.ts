// The list of assets.
import type { AlpacaContext } from "../context.ts";
import { assetJson } from "../json/asset.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { json, notFound } from "../wire.ts";
import { list } from "./list-orders.ts";

export function listAssets(context: AlpacaContext, { query }: WireRequest): WireAnswer {
  const status = query.get("status") ?? "";
  const assetClass = query.get("asset_class") ?? "us_equity";
  const exchange = query.get("exchange") ?? "";
  const attributes = list(query, "attributes");
  const found = context.assets.all.filter(
    (asset) =>
      asset.assetClass === assetClass &&
      (status === "" || (status === "active") === asset.tradable) &&
      (exchange === "" || asset.exchange === exchange) &&
      attributes.every((attribute) => asset.attributes.includes(attribute)),
  );
  return json(200, found.map(assetJson));
}

export function getAsset(context: AlpacaContext, { params }: WireRequest): WireAnswer {
  const name = params.symbol ?? "";
  const asset = context.assets.find(name);
  if (asset === null) throw notFound(`asset not found for ${name}`);
  return json(200, assetJson(asset));
}
