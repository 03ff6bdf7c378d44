// Every REST route of the Alpaca front.
import { PathTable } from "../path-table.ts";
import type { AlpacaContext } from "./context.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";
import { getAccount, getConfiguration, patchConfiguration } from "./routes/account.ts";
import { getAsset, listAssets } from "./routes/assets.ts";
import { getClock } from "./routes/clock.ts";
import {
  cryptoQuote,
  cryptoTrade,
  latestMany,
  latestOne,
  stockQuote,
  stockTrade,
} from "./routes/latest.ts";
import { listOrders } from "./routes/list-orders.ts";
import {
  cancelAllOrders,
  cancelOrder,
  getOrder,
  getOrderByClientId,
  replaceOrder,
} from "./routes/orders.ts";
import {
  closeAllPositions,
  closePosition,
  getPosition,
  listPositions,
} from "./routes/positions.ts";
import { submitOrder } from "./routes/submit-order.ts";

export type Handler = (context: AlpacaContext, request: WireRequest) => WireAnswer;

export function tradingRoutes(): PathTable<Handler> {
  const router = new PathTable<Handler>();
  router.add("POST", "/v2/orders", submitOrder);
  router.add("GET", "/v2/orders", listOrders);
  router.add("DELETE", "/v2/orders", cancelAllOrders);
  router.add("GET", "/v2/orders:by_client_order_id", getOrderByClientId);
  router.add("GET", "/v2/orders/{order_id}", getOrder);
  router.add("PATCH", "/v2/orders/{order_id}", replaceOrder);
  router.add("DELETE", "/v2/orders/{order_id}", cancelOrder);
  router.add("GET", "/v2/positions", listPositions);
  router.add("DELETE", "/v2/positions", closeAllPositions);
  router.add("GET", "/v2/positions/{symbol}", getPosition);
  router.add("DELETE", "/v2/positions/{symbol}", closePosition);
  router.add("GET", "/v2/account", getAccount);
  router.add("GET", "/v2/account/configurations", getConfiguration);
  router.add("PATCH", "/v2/account/configurations", patchConfiguration);
  router.add("GET", "/v2/assets", listAssets);
  router.add("GET", "/v2/assets/{symbol}", getAsset);
  router.add("GET", "/v2/clock", getClock);
  return router;
}

export function dataRoutes(): PathTable<Handler> {
  const router = new PathTable<Handler>();
  router.add("GET", "/v2/stocks/trades/latest", latestMany("trades", "us_equity", stockTrade));
  router.add("GET", "/v2/stocks/quotes/latest", latestMany("quotes", "us_equity", stockQuote));
  router.add("GET", "/v2/stocks/{symbol}/trades/latest", latestOne("trade", stockTrade));
  router.add("GET", "/v2/stocks/{symbol}/quotes/latest", latestOne("quote", stockQuote));
  const crypto = "/v1beta3/crypto/{loc}/latest";
  router.add("GET", `${crypto}/trades`, latestMany("trades", "crypto", cryptoTrade));
  router.add("GET", `${crypto}/quotes`, latestMany("quotes", "crypto", cryptoQuote));
  return router;
}
