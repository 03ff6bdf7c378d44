// What every Alpaca route may use.
import type { Account } from "../core/account.ts";
import type { Order } from "../core/order.ts";
import type { Exchange } from "../exchange.ts";
import type { Faults } from "../faults/faults.ts";
import type { Settings } from "../settings.ts";
import type { AssetBook } from "./asset-book.ts";
import type { Watchlists } from "./watchlists.ts";
import { notFound } from "./wire.ts";

export interface AlpacaContext {
  readonly exchange: Exchange;
  readonly assets: AssetBook;
  readonly watchlists: Watchlists;
  readonly settings: Settings;
  readonly faults: Faults;
}

export function ownOrder(context: AlpacaContext, account: Account, id: string): Order {
  const order = context.exchange.engine.world.orders.get(id);
  if (order === undefined || order.accountId !== account.id) {
    throw notFound(`order not found for ${id}`);
  }
  return order;
}
