// The ledger, read by those who judge: every account, order and execution there ever was.
import type { Order } from "../core/order.ts";
import type { ControlContext, ControlHandler } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { executionJson, ledgerAccountJson, ledgerOrderJson } from "./ledger-json.ts";

const DEFAULT_PAGE = 1_000;
const MAX_PAGE = 10_000;

function page(query: URLSearchParams): { readonly from: number; readonly limit: number } {
  const whole = (name: string, otherwise: number): number => {
    const text = query.get(name) ?? "";
    if (text === "") return otherwise;
    if (!/^\d{1,9}$/.test(text)) throw new ControlRefusal(400, `${name}: must be a whole number`);
    return Number(text);
  };
  return { from: whole("from", 0), limit: Math.min(MAX_PAGE, whole("limit", DEFAULT_PAGE)) };
}

export const listAccounts: ControlHandler = ({ exchange }) =>
  ok({ accounts: [...exchange.engine.world.accounts.values()].map(ledgerAccountJson) });

export const getAccount: ControlHandler = ({ exchange }, { params }) => {
  for (const account of exchange.engine.world.accounts.values()) {
    if (account.keyId === params.key) return ok(ledgerAccountJson(account));
  }
  throw missing(`account of key ${params.key ?? ""}`);
};

function ordersOf({ exchange }: ControlContext, key: string | null): readonly Order[] {
  const { world } = exchange.engine;
  const found: Order[] = [];
  for (const account of world.accounts.values()) {
    if (key === null || account.keyId === key) found.push(...world.orders.submitted(account.id));
  }
  return found;
}

/** `?key=` for one account; `?client_order_id=` for one order; pages by `from` and `limit`. */
export const listOrders: ControlHandler = (context, { query }) => {
  const { world } = context.exchange.engine;
  const wanted = query.get("client_order_id");
  const { from, limit } = page(query);
  let orders = ordersOf(context, query.get("key"));
  if (wanted !== null) orders = orders.filter(({ clientOrderId }) => clientOrderId === wanted);
  const next = from + limit < orders.length ? from + limit : null;
  return ok({
    total: orders.length,
    next,
    orders: orders.slice(from, from + limit).map((order) => ledgerOrderJson(world, order)),
  });
};

export const listExecutions: ControlHandler = ({ exchange }, { query }) => {
  const { world } = exchange.engine;
  const { from, limit } = page(query);
  const key = query.get("key");
  const orderId = query.get("order_id");
  const found = world.executions
    .all()
    .filter(
      (execution) =>
        (key === null || world.account(execution.accountId).keyId === key) &&
        (orderId === null || execution.orderId === orderId),
    );
  const next = from + limit < found.length ? from + limit : null;
  return ok({
    total: found.length,
    next,
    executions: found.slice(from, from + limit).map((one) => executionJson(world, one)),
  });
};
