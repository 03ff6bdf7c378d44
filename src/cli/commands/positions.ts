// `fillstream positions`: what is held, what it is worth, how much of its limit it takes.
import { parseArgs } from "node:util";
import { atDesk, DONE } from "../desk/desk.ts";
import { accountOption, jsonOption } from "../desk/options.ts";
import { gain, printJson, printRows } from "../desk/print.ts";

export const name = "positions";
export const summary = "list positions";
export const usage = `fillstream positions [--account A] [--closed] [--by-strategy] [--json]

  fillstream positions --by-strategy --closed`;

export function run(args: string[]): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  const options = { ...jsonOption, ...accountOption, closed: flag, "by-strategy": flag } as const;
  const { values } = parseArgs({ args, options });
  return atDesk(async (client) => {
    const { data } = await client.positions({
      account: values.account,
      include_closed: values.closed,
      by: values["by-strategy"] ? "strategy" : undefined,
    });
    if (values.json) printJson(data);
    else {
      printRows(
        data,
        [
          ["account", (position) => position.account],
          ["strategy", (position) => position.strategy],
          ["symbol", (position) => position.symbol],
          ["qty", (position) => position.qty],
          ["average", (position) => position.avg_price],
          ["last", (position) => position.last_price],
          ["age s", (position) => seconds(position.last_price_age_ms)],
          ["value", (position) => position.market_value],
          ["unrealized", (position) => gain(position.unrealized_pnl)],
          ["realized", (position) => gain(position.realized_pnl)],
          ["of limit %", (position) => position.max_position_size_usd.used_percent],
        ],
        "No positions.",
      );
    }
    return DONE;
  });
}

function seconds(ms: number | null): string {
  return ms === null ? "" : String(Math.round(ms / 1_000));
}
