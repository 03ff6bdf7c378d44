// `fillstream flatten`: out of every position.
import { parseArgs } from "node:util";
import { atDesk } from "../desk/desk.ts";
import { accountOption, jsonOption } from "../desk/options.ts";
import { tellReceipts } from "../desk/outcome.ts";

export const name = "flatten";
export const summary = "close every position";
export const usage = `fillstream flatten [--account A] [--json]

  fillstream flatten --account mock`;

export function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...jsonOption, ...accountOption } });
  return atDesk(async (client) =>
    tellReceipts((await client.flatten(values.account)).data, values.json),
  );
}
