// `fillstream reconcile`: compares with the broker, shows the inbox, judges what is in it.
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
fillstream reconcile adopt|ignore position <symbol> --reason "…" [--account A] [--qty N] [--price P]
fillstream reconcile accept cash --reason "…" [--account A]

  fillstream reconcile adopt 904837e3-3b76-47ec-b432-046db621571b --wait`;

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      ...{ ...jsonOption, ...waitOption, ...accountOption },
      ...{ reason: { type: "string" }, qty: { type: "string" }, price: { type: "string" } },
    },
    allowPositionals: true,
  });
  const { account, json } = values;
  const [verb, id, ...more] = positionals;
  const said = verb === undefined ? null : judged(verb, [id, ...more], values);
  if (said !== null) return said;
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
  throw new UsageError(
    "Say inbox, adopt or ignore with the broker's order id or a position, or accept cash.",
  );
}

interface Said {
  readonly account?: string | undefined;
  readonly json?: boolean | undefined;
  readonly wait?: string | undefined;
  readonly reason?: string | undefined;
  readonly qty?: string | undefined;
  readonly price?: string | undefined;
}

/** What was said of a position or of cash; null where it was about something else. */
function judged(
  verb: string,
  [what, symbol, ...more]: readonly (string | undefined)[],
  { account, json, wait, reason, qty, price }: Said,
): Promise<number> | null {
  const isCash = verb === "accept" && what === "cash" && symbol === undefined;
  const isPosition = (verb === "adopt" || verb === "ignore") && what === "position";
  if (more.length > 0 || !(isCash || (isPosition && symbol !== undefined))) return null;
  if (reason === undefined) throw new UsageError('Say why: --reason "…".');
  return atDesk(async (client) => {
    const answer = isPosition
      ? client.judgePosition(verb, { account, symbol, reason, qty, price }, waitSeconds(wait))
      : client.acceptCash({ account, reason }, waitSeconds(wait));
    return tellCommand(await answer, json ?? false);
  });
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
  print("Positions that differ, or are another's");
  printRows(
    found.external_positions,
    [
      ["symbol", (position) => position.symbol],
      ["account", (position) => position.account],
      ["qty", (position) => position.qty],
      ["since", (position) => shortInstant(position.since)],
      ["ignored", (position) => (position.ignored ? "yes" : "")],
    ],
    "  none",
  );
  for (const { account: of, currency, ours, theirs } of found.cash_differences) {
    print(`Cash of ${of} that nothing explains: ${ours} ${currency} here, ${theirs} at the broker`);
  }
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
