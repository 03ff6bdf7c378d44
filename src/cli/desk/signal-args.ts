// A signal as it is typed on the command line.
import { parseArgs } from "node:util";
import type { NewSignal } from "../../client/types.ts";
import { UsageError } from "../command.ts";
import { jsonOption, waitOption, waitSeconds } from "./options.ts";

const text = { type: "string" } as const;
const options = {
  ...jsonOption,
  ...waitOption,
  limit: text,
  stop: text,
  trail: text,
  "trail-percent": text,
  notional: text,
  "take-profit": text,
  "stop-loss": text,
  "order-class": text,
  type: text,
  tif: text,
  account: text,
  strategy: text,
  reason: text,
  id: text,
  "valid-until": text,
  "extended-hours": { type: "boolean" },
  "on-market-closed": text,
} as const;

/** The API's names of what is typed shorter. */
const FIELDS: Readonly<Record<string, string>> = {
  limit: "limit_price",
  stop: "stop_price",
  trail: "trail_price",
  "trail-percent": "trail_percent",
  "take-profit": "take_profit",
  "stop-loss": "stop_loss",
  "order-class": "order_class",
  tif: "time_in_force",
  id: "client_signal_id",
  "valid-until": "valid_until",
  "extended-hours": "extended_hours",
  "on-market-closed": "on_market_closed",
};

export interface TypedSignal {
  readonly signal: NewSignal;
  readonly wait: number;
  readonly json: boolean;
}

export function readSignal(args: string[]): TypedSignal {
  const { values, positionals } = parseArgs({
    args: args.map(negativeIsNoOption),
    options,
    allowPositionals: true,
  });
  const { json, wait, ...fields } = values;
  const entries = Object.entries(fields).map(([name, value]) => [FIELDS[name] ?? name, value]);
  // The table gives the options the API's own names.
  const given = Object.fromEntries(entries) as Partial<NewSignal>;
  const signal = { ...wishOf(positionals, values.notional), ...given };
  // Amounts stay text; the API says in a sentence what is wrong with any of them.
  return { signal: signal as NewSignal, wait: waitSeconds(wait), json };
}

function wishOf(positionals: readonly string[], notional: string | undefined): object {
  const [verb, symbol, amount, ...more] = positionals.map((each) => each.replace(/^\\/, ""));
  if (symbol === undefined || more.length > 0) throw new UsageError("Say what, and how much.");
  switch (verb) {
    case "buy":
    case "sell":
      if (amount === undefined && notional === undefined) throw new UsageError("Say how much.");
      return { symbol, side: verb, ...(amount === undefined ? {} : { qty: amount }) };
    case "hold":
      if (amount === undefined) throw new UsageError("Say how much to hold; 0 is flat.");
      return { symbol, position: amount };
    default:
      throw new UsageError("A signal begins with buy, sell or hold.");
  }
}

/** `hold AAPL -5` is a short position, not an option called 5. */
function negativeIsNoOption(arg: string): string {
  return /^-\d/.test(arg) ? `\\${arg}` : arg;
}
