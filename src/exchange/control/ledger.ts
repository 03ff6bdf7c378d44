// The ledger, read by those who judge: every account, order, execution and entry there ever was.
import type { Order } from "../core/order.ts";
import type { ControlContext, ControlHandler } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { entryJson, executionJson, ledgerAccountJson, ledgerOrderJson } from "./ledger-json.ts";

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

interface Range {
  readonly from: number;
  readonly limit: number;
}

const EVER = { after: null, until: null, descending: false };

/** One page over all the accounts asked for, and how many orders they have together. */
function pageOfOrders({ exchange }: ControlContext, key: string | null, range: Range) {
  const { world } = exchange.engine;
  const orders: Order[] = [];
  let total = 0;
  for (const account of world.accounts.values()) {
    if (key !== null && account.keyId !== key) continue;
    let index = total;
    total += world.orders.count(account.id);
    if (total <= range.from || index >= range.from + range.limit) continue;
    for (const order of world.orders.submitted(account.id, EVER)) {
      if (index >= range.from + range.limit) break;
      if (index >= range.from) orders.push(order);
      index += 1;
    }
  }
  return { total, orders };
}

function named({ exchange }: ControlContext, clientOrderId: string): readonly Order[] {
  const { world } = exchange.engine;
  return [...world.accounts.keys()]
    .map((account) => world.orders.byClientOrderId(account, clientOrderId))
    .filter((order) => order !== undefined);
}

/** `?key=` for one account; `?client_order_id=` for one order; pages by `from` and `limit`. */
export const listOrders: ControlHandler = (context, { query }) => {
  const { world } = context.exchange.engine;
  const wanted = query.get("client_order_id");
  const range = page(query);
  const found = wanted === null ? null : named(context, wanted);
  const { total, orders } =
    found === null
      ? pageOfOrders(context, query.get("key"), range)
      : { total: found.length, orders: found };
  const next = found === null && range.from + range.limit < total ? range.from + range.limit : null;
  return ok({ total, next, orders: orders.map((order) => ledgerOrderJson(world, order)) });
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

export const listEntries: ControlHandler = ({ exchange }, { query }) => {
  const { world } = exchange.engine;
  const { from, limit } = page(query);
  const key = query.get("key");
  const found = [...world.entries.all()].filter(
    ({ accountId }) => key === null || world.account(accountId).keyId === key,
  );
  return ok({
    total: found.length,
    next: from + limit < found.length ? from + limit : null,
    entries: found.slice(from, from + limit).map((entry) => entryJson(world, entry)),
  });
};
