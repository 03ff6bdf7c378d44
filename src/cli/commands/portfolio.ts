// `fillstream portfolio`: what the accounts are worth.
import { parseArgs } from "node:util";
import { atDesk, DONE } from "../desk/desk.ts";
import { accountOption, jsonOption } from "../desk/options.ts";
import { gain, printJson, printRows } from "../desk/print.ts";

export const name = "portfolio";
export const summary = "show what the accounts are worth";
export const usage = `fillstream portfolio [--account A] [--json]

  fillstream portfolio --json`;

export function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...jsonOption, ...accountOption } });
  return atDesk(async (client) => {
    const { data } = await client.portfolio({ account: values.account });
    if (values.json) printJson(data);
    else {
      printRows(
        data,
        [
          ["account", (account) => account.id],
          ["mode", (account) => account.environment],
          ["state", (account) => account.trading_state],
          ["equity", (account) => account.equity],
          ["cash", (account) => account.cash],
          ["buying power", (account) => account.buying_power],
          ["day", (account) => gain(account.day?.pnl ?? null)],
          ["day %", (account) => gain(account.day?.pnl_percent ?? null)],
          ["positions", (account) => sums(account, "open_positions")],
          ["value", (account) => sums(account, "market_value")],
          ["unrealized", (account) => sums(account, "unrealized_pnl")],
        ],
        "No accounts.",
      );
    }
    return DONE;
  });
}

interface Sums {
  readonly positions: readonly {
    readonly currency: string;
    readonly market_value: string;
    readonly unrealized_pnl: string;
    readonly open_positions: number;
  }[];
}

/** Currencies stand side by side: they are never added. */
function sums(
  { positions }: Sums,
  field: "market_value" | "unrealized_pnl" | "open_positions",
): string {
  const many = positions.length > 1;
  return positions
    .map((each) => (many ? `${each[field]} ${each.currency}` : String(each[field])))
    .join(", ");
}
