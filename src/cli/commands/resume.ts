// `fillstream resume`: trading goes on, or a partition that was set aside; it asks for a reason.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { jsonOption } from "../desk/options.ts";
import { print, printJson } from "../desk/print.ts";
import { changeState } from "../desk/state-change.ts";

export const name = "resume";
export const summary = "trade again";
export const usage = `fillstream resume --reason "…" [--account A] [--strategy S] [--json]
fillstream resume --partition N --reason "…" [--json]    after a fault that a person has looked at

  fillstream resume --reason "checked the book with the broker"`;

export function run(args: string[]): Promise<number> {
  const names = args.some((arg) => arg === "--partition" || arg.startsWith("--partition="));
  if (names) return resumePartition(args);
  return changeState(args, { state: "active", cancelOrders: false, needsReason: true });
}

function resumePartition(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...jsonOption, partition: { type: "string" }, reason: { type: "string" } },
  });
  const { reason, partition = "" } = values;
  if (reason === undefined) throw new UsageError("Say why, with --reason.");
  if (!/^\d{1,5}$/.test(partition)) throw new UsageError("Say which partition, by its number.");
  return atDesk(async (client) => {
    const resumed = await client.resumePartition(Number(partition), reason);
    if (values.json) printJson(resumed);
    else print(`Partition ${resumed.partition} goes on.`);
    return DONE;
  });
}
