// `fillstream limits`: the limits and their overrides; `set` changes one.
import { parseArgs } from "node:util";
import type { FillstreamClient } from "../../client/client.ts";
import { UsageError } from "../command.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { jsonOption } from "../desk/options.ts";
import { print, printJson, printRows } from "../desk/print.ts";

export const name = "limits";
export const summary = "show or change limits";
export const usage = `fillstream limits [--json]
fillstream limits set <key> <value|off> [--account A] [--symbol S] [--strategy S] [--hard] [--reason "…"]
fillstream limits remove <key> [--account A] [--symbol S] [--strategy S]

  fillstream limits set max_position_size_usd 20000 --reason "more room"
  fillstream limits set max_order_qty_stock 10 --symbol TSLA`;

const text = { type: "string" } as const;

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...jsonOption,
      account: text,
      symbol: text,
      strategy: text,
      reason: text,
      hard: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const { json, ...scope } = values;
  const [verb, key, value, ...more] = positionals;
  if (verb === undefined) return atDesk((client) => show(client, json));
  if (key === undefined || more.length > 0) throw new UsageError("Name one limit.");
  if (verb === "remove" && value === undefined) {
    return atDesk((client) => change(client, { key, ...scope, remove: true }, json));
  }
  if (verb !== "set" || value === undefined) throw new UsageError("Say set <key> <value>.");
  const asked = { key, ...scope, value: value === "off" ? null : value };
  return atDesk((client) => change(client, asked, json));
}

async function show(client: FillstreamClient, json: boolean): Promise<number> {
  const { data } = await client.limits();
  if (json) printJson(data);
  else {
    const rows = data.flatMap((limit) => [
      { ...limit, scope: "" },
      ...limit.overrides.map((each) => ({
        key: "",
        scope: [each.account, each.symbol, each.strategy].filter((part) => part !== null).join(" "),
        value: each.value,
        hard: each.hard,
        shadow: false,
        description: each.warning === null ? (each.reason ?? "") : `WARNING: ${each.warning}`,
      })),
    ]);
    printRows(
      rows,
      [
        ["limit", (row) => row.key],
        ["for", (row) => row.scope],
        ["value", (row) => row.value ?? "off"],
        ["", (row) => [row.hard ? "hard" : "", row.shadow ? "shadow" : ""].join(" ").trim()],
        ["what it does", (row) => row.description],
      ],
      "No limits.",
    );
  }
  return DONE;
}

async function change(
  client: FillstreamClient,
  asked: Readonly<Record<string, unknown>>,
  json: boolean,
): Promise<number> {
  const limit = await client.setLimit(asked);
  if (json) printJson(limit);
  else {
    const { length } = limit.overrides;
    const more = length === 1 ? "1 override" : `${length} overrides`;
    print(`${limit.key} is ${limit.value ?? "off"}, with ${more}.`);
  }
  return DONE;
}
