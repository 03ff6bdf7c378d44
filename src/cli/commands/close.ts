// `fillstream close`: out of a position, or of a part of it.
import { parseArgs } from "node:util";
import { atDesk } from "../desk/desk.ts";
import { accountOption, jsonOption, onlyOne, waitOption, waitSeconds } from "../desk/options.ts";
import { tellCommand } from "../desk/outcome.ts";

export const name = "close";
export const summary = "close a position";
export const usage = `fillstream close <symbol> [--qty Q] [--account A] [--wait S] [--json]

  fillstream close AAPL
  fillstream close AAPL --qty 5`;

export function run(args: string[]): Promise<number> {
  const options = {
    ...jsonOption,
    ...waitOption,
    ...accountOption,
    qty: { type: "string" },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { json, wait, ...body } = values;
  const symbol = onlyOne(positionals, "symbol");
  return atDesk(async (client) =>
    tellCommand(await client.close(symbol, body, waitSeconds(wait)), json),
  );
}
