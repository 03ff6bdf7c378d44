// `fillstream cancel`: one order, or all of a filter.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { atDesk } from "../desk/desk.ts";
import { accountOption, jsonOption, waitOption, waitSeconds } from "../desk/options.ts";
import { tellCommand, tellReceipts } from "../desk/outcome.ts";

export const name = "cancel";
export const summary = "cancel an order, or many";
export const usage = `fillstream cancel <order> [--wait S] [--json]
fillstream cancel --all [--symbol S] [--side buy|sell] [--strategy S] [--account A] [--json]

  fillstream cancel --all --symbol AAPL`;

export function run(args: string[]): Promise<number> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...jsonOption,
      ...waitOption,
      ...accountOption,
      all: { type: "boolean", default: false },
      symbol: text,
      side: text,
      strategy: text,
    },
    allowPositionals: true,
  });
  const { json, wait, all, ...query } = values;
  const [order, ...more] = positionals;
  if (all === (order !== undefined) || more.length > 0) {
    throw new UsageError("Name one order, or say --all.");
  }
  return atDesk(async (client) =>
    order === undefined
      ? tellReceipts((await client.cancelAll(query)).data, json)
      : tellCommand(await client.cancel(order, waitSeconds(wait)), json),
  );
}
