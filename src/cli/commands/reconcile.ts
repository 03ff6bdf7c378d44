// `fillstream reconcile`: compares with the broker, shows the inbox, adopts or ignores what is in it.
import { parseArgs } from "node:util";
import type { FillstreamClient } from "../../client/client.ts";
import { UsageError } from "../command.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { accountOption, jsonOption, waitOption, waitSeconds } from "../desk/options.ts";
import { tellCommand, tellReceipts } from "../desk/outcome.ts";
import { print, printJson, printRows, shortInstant } from "../desk/print.ts";

export const name = "reconcile";
export const summary = "compare with the broker, judge what is not ours";
export const usage = `fillstream reconcile [--account A]                    compare now
fillstream reconcile inbox [--account A] [--json]     what waits for a person
fillstream reconcile adopt|ignore <broker order> [--wait S]

  fillstream reconcile adopt 904837e3-3b76-47ec-b432-046db621571b --wait`;

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...jsonOption, ...waitOption, ...accountOption },
    allowPositionals: true,
  });
  const { account, json } = values;
  const [verb, id, ...more] = positionals;
  if (more.length > 0) throw new UsageError("That is too much at once.");
  if (verb === undefined) {
    return atDesk(async (client) => tellReceipts((await client.reconcile(account)).data, json));
  }
  if (verb === "inbox" && id === undefined) return atDesk((client) => inbox(client, values));
  if ((verb === "adopt" || verb === "ignore") && id !== undefined) {
    return atDesk(async (client) =>
      tellCommand(await client.judgeExternal(id, verb, waitSeconds(values.wait)), json),
    );
  }
  throw new UsageError("Say inbox, or adopt or ignore with the broker's order id.");
}

async function inbox(
  client: FillstreamClient,
  { account, json }: { readonly account?: string | undefined; readonly json: boolean },
): Promise<number> {
  const found = await client.reconciliation({ account });
  if (json) {
    printJson(found);
    return DONE;
  }
  print("Orders that are not ours");
  printRows(
    found.external_orders,
    [
      ["broker order", (order) => order.broker_order_id],
      ["account", (order) => order.account],
      ["seen", (order) => shortInstant(order.first_seen_at)],
      ["ignored", (order) => (order.ignored ? "yes" : "")],
    ],
    "  none",
  );
  print("Differences");
  printRows(
    found.differences.slice(0, 20),
    [
      ["when", (each) => shortInstant(each.at)],
      ["what", (each) => `${each.kind} ${each.subject}`],
      ["ours", (each) => each.ours],
      ["theirs", (each) => each.theirs],
      ["done", (each) => each.action],
    ],
    "  none",
  );
  for (const { symbol, account: of, reason } of found.frozen_symbols) {
    print(`Frozen: ${symbol} on ${of}: ${reason}`);
  }
  for (const { description, at } of found.parked_facts)
    print(`Parked ${shortInstant(at)}: ${description}`);
  return DONE;
}
