// Historical trades and quotes, with paging.
import type { AssetClass } from "../../core/asset.ts";
import type { Print } from "../../market/feed.ts";
import type { AlpacaContext } from "../context.ts";
import type { Handler } from "../handler.ts";
import type { WireRequest } from "../wire.ts";
import { dataError, json } from "../wire.ts";
import { askedSymbols } from "./latest.ts";
import { cut, pageOf, pageQuery } from "./page-query.ts";

type Render = (print: Print) => unknown;

const place = ({ tradeId }: Print): number => tradeId;

function page(context: AlpacaContext, symbols: readonly string[], request: WireRequest) {
  const asked = pageQuery(request);
  return pageOf(symbols, asked, {
    next: (symbol, stretch) => {
      const prints = context.exchange.prints.between(symbol, asked.from, asked.to);
      return cut(prints, stretch, { descending: asked.descending, place });
    },
    place,
  });
}

export function manyPrints(key: string, assetClass: AssetClass, render: Render): Handler {
  return (context, request) => {
    const symbols = askedSymbols(context, request.query, assetClass);
    const { found, next_page_token } = page(context, symbols, request);
    const rows: Record<string, unknown[]> = {};
    for (const [symbol, prints] of found) rows[symbol] = prints.map(render);
    return json(200, { [key]: rows, next_page_token });
  };
}

export function oneSymbolPrints(key: string, render: Render): Handler {
  return (context, request) => {
    const symbol = request.params.symbol ?? "";
    if (context.exchange.feed.latest(symbol) === undefined) {
      return dataError(404, "resource not found");
    }
    const { found, next_page_token } = page(context, [symbol], request);
    return json(200, { symbol, [key]: (found.get(symbol) ?? []).map(render), next_page_token });
  };
}
