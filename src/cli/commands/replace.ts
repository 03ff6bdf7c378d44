// `fillstream replace`: new terms for an order that works.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { atDesk } from "../desk/desk.ts";
import { jsonOption, onlyOne, waitOption, waitSeconds } from "../desk/options.ts";
import { tellCommand } from "../desk/outcome.ts";

export const name = "replace";
export const summary = "change an order that works";
export const usage = `fillstream replace <order> [--qty Q] [--limit P] [--stop P] [--trail T] [--tif day|gtc|…]
                   [--wait S] [--json]

  fillstream replace 01a1f924-3787-7000-a6ed-835f976a7101 --limit 181.5`;

export function run(args: string[]): Promise<number> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...jsonOption,
      ...waitOption,
      qty: text,
      limit: text,
      stop: text,
      trail: text,
      tif: text,
    },
    allowPositionals: true,
  });
  const order = onlyOne(positionals, "order");
  const change = {
    ...(values.qty === undefined ? {} : { qty: values.qty }),
    ...(values.limit === undefined ? {} : { limit_price: values.limit }),
    ...(values.stop === undefined ? {} : { stop_price: values.stop }),
    ...(values.trail === undefined ? {} : { trail: values.trail }),
    ...(values.tif === undefined ? {} : { time_in_force: values.tif }),
  };
  if (Object.keys(change).length === 0) throw new UsageError("Say what to change.");
  return atDesk(async (client) =>
    tellCommand(await client.replace(order, change, waitSeconds(values.wait)), values.json),
  );
}
