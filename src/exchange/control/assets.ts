// What is listed: new listings, delistings, and who may be sold short.
import { z } from "zod";
import type { Asset } from "../core/asset.ts";
import type { ControlHandler } from "./context.ts";
import { missing, ok } from "./context.ts";
import { parseBody } from "./shapes.ts";

const shape = z.record(
  z.string(),
  z.strictObject({ tradable: z.boolean().optional(), shortable: z.boolean().optional() }),
);

/** `{"GME": {"tradable": false}}`. Nothing changes when one of the names is not known. */
export const changeAssets: ControlHandler = ({ exchange }, { body }) => {
  const wanted = Object.entries(parseBody(shape, body)).map(([symbol, change]) => {
    const asset = exchange.engine.world.assets.get(symbol);
    if (asset === undefined) throw missing(`asset ${symbol}`);
    return { asset, change };
  });
  for (const { asset, change } of wanted) {
    asset.tradable = change.tradable ?? asset.tradable;
    asset.shortable = change.shortable ?? asset.shortable;
  }
  return ok({ assets: Object.fromEntries(wanted.map(({ asset }) => [asset.symbol, seen(asset)])) });
};

const seen = ({ tradable, shortable }: Asset) => ({ tradable, shortable });
