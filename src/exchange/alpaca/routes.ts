// Every REST route of the Alpaca front.
import { PathTable } from "../path-table.ts";
import type { Handler } from "./handler.ts";
import { getAccount, getConfiguration, patchConfiguration } from "./routes/account.ts";
import { listActivities } from "./routes/activities.ts";
import { getAsset, listAssets } from "./routes/assets.ts";
import { getConditions, getExchanges } from "./routes/codes.ts";
import { getCalendar, getClock, getClocks, getMarketCalendar } from "./routes/clock.ts";
import { getHistory } from "./routes/history.ts";
import {
  cryptoQuote,
  cryptoTrade,
  latestMany,
  latestOne,
  orderbook,
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
import {
  cryptoSnapshots,
  latestBarOfOne,
  latestBars,
  manyBars,
  oneSymbolBars,
  stockSnapshot,
  stockSnapshots,
} from "./routes/bars.ts";
import {
  addToWatchlist,
  createWatchlist,
  deleteWatchlist,
  getWatchlist,
  listWatchlists,
  removeFromWatchlist,
  updateWatchlist,
} from "./routes/watchlists.ts";
import { manyPrints, oneSymbolPrints } from "./routes/prints.ts";
import { submitOrder } from "./routes/submit-order.ts";

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
  router.add("GET", "/v2/account/activities", listActivities);
  router.add("GET", "/v2/account/activities/{activity_type}", listActivities);
  router.add("GET", "/v2/account/portfolio/history", getHistory);
  router.add("GET", "/v2/clock", getClock);
  router.add("GET", "/v2/calendar", getCalendar);
  router.add("GET", "/v3/clock", getClocks);
  router.add("GET", "/v3/calendar/{market}", getMarketCalendar);
  addWatchlists(router);
  return router;
}

function addWatchlists(router: PathTable<Handler>): void {
  router.add("GET", "/v2/watchlists", listWatchlists);
  router.add("POST", "/v2/watchlists", createWatchlist);
  for (const path of ["/v2/watchlists:by_name", "/v2/watchlists/{watchlist_id}"]) {
    router.add("GET", path, getWatchlist);
    router.add("PUT", path, updateWatchlist);
    router.add("POST", path, addToWatchlist);
    router.add("DELETE", path, deleteWatchlist);
  }
  router.add("DELETE", "/v2/watchlists/{watchlist_id}/{symbol}", removeFromWatchlist);
}

export function dataRoutes(): PathTable<Handler> {
  const router = new PathTable<Handler>();
  router.add("GET", "/v2/stocks/meta/exchanges", getExchanges);
  router.add("GET", "/v2/stocks/meta/conditions/{ticktype}", getConditions);
  router.add("GET", "/v2/stocks/trades/latest", latestMany("trades", "us_equity", stockTrade));
  router.add("GET", "/v2/stocks/quotes/latest", latestMany("quotes", "us_equity", stockQuote));
  router.add("GET", "/v2/stocks/{symbol}/trades/latest", latestOne("trade", stockTrade));
  router.add("GET", "/v2/stocks/{symbol}/quotes/latest", latestOne("quote", stockQuote));
  router.add("GET", "/v2/stocks/bars/latest", latestBars("us_equity"));
  router.add("GET", "/v2/stocks/snapshots", stockSnapshots);
  router.add("GET", "/v2/stocks/bars", manyBars("us_equity"));
  router.add("GET", "/v2/stocks/{symbol}/bars/latest", latestBarOfOne);
  router.add("GET", "/v2/stocks/{symbol}/bars", oneSymbolBars);
  router.add("GET", "/v2/stocks/{symbol}/snapshot", stockSnapshot);
  router.add("GET", "/v2/stocks/trades", manyPrints("trades", "us_equity", stockTrade));
  router.add("GET", "/v2/stocks/quotes", manyPrints("quotes", "us_equity", stockQuote));
  router.add("GET", "/v2/stocks/{symbol}/trades", oneSymbolPrints("trades", stockTrade));
  router.add("GET", "/v2/stocks/{symbol}/quotes", oneSymbolPrints("quotes", stockQuote));
  addCrypto(router, "/v1beta3/crypto/{loc}");
  return router;
}

function addCrypto(router: PathTable<Handler>, base: string): void {
  router.add("GET", `${base}/latest/trades`, latestMany("trades", "crypto", cryptoTrade));
  router.add("GET", `${base}/latest/quotes`, latestMany("quotes", "crypto", cryptoQuote));
  router.add("GET", `${base}/latest/orderbooks`, latestMany("orderbooks", "crypto", orderbook));
  router.add("GET", `${base}/latest/bars`, latestBars("crypto"));
  router.add("GET", `${base}/snapshots`, cryptoSnapshots);
  router.add("GET", `${base}/bars`, manyBars("crypto"));
  router.add("GET", `${base}/trades`, manyPrints("trades", "crypto", cryptoTrade));
  router.add("GET", `${base}/quotes`, manyPrints("quotes", "crypto", cryptoQuote));
}
