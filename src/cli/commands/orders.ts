// `fillstream orders`: the newest orders, or those of a filter.
import { parseArgs } from "node:util";
import { atDesk, DONE } from "../desk/desk.ts";
import { jsonOption } from "../desk/options.ts";
import { printJson, printRows, shortInstant } from "../desk/print.ts";

export const name = "orders";
export const summary = "list orders";
export const usage = `fillstream orders [--status open|filled|…] [--symbol S] [--side buy|sell] [--account A]
                  [--strategy S] [--from T] [--to T] [--limit 50] [--json]

  fillstream orders --status open
  fillstream orders --symbol AAPL --limit 10`;

const text = { type: "string" } as const;

export function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...jsonOption,
      status: text,
      symbol: text,
      side: text,
      account: text,
      strategy: text,
      from: text,
      to: text,
      limit: text,
    },
  });
  const { json, ...query } = values;
  return atDesk(async (client) => {
    const { data } = await client.orders(query);
    if (json) printJson(data);
    else {
      printRows(
        data,
        [
          ["placed", (order) => shortInstant(order.placed_at)],
          ["order", (order) => order.id],
          ["side", (order) => order.side],
          ["qty", (order) => order.qty ?? `${order.notional} worth`],
          ["symbol", (order) => order.symbol],
          ["type", (order) => order.type],
          ["price", (order) => order.limit_price ?? order.stop_price],
          ["status", (order) => order.hold ?? order.status],
          ["filled", (order) => (order.filled_qty === "0" ? "" : order.filled_qty)],
          ["at", (order) => order.filled_price],
          ["why", (order) => order.error_message ?? order.reason],
        ],
        "No orders.",
      );
    }
    return DONE;
  });
}
