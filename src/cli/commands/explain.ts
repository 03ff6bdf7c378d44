// `fillstream explain`: the whole story of a signal or an order, in the order in which it happened.
import { parseArgs } from "node:util";
import { FillstreamProblem, type FillstreamClient } from "../../client/client.ts";
import { OperatorError } from "../../operator-error.ts";
import type { Ledger, OrderStory } from "../../client/types.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { jsonOption, onlyOne } from "../desk/options.ts";
import { painted, print, printJson, printRows } from "../desk/print.ts";

export const name = "explain";
export const summary = "tell the story of a signal or an order";
export const usage = `fillstream explain <signal or order> [--json]

  fillstream explain 01a1f964-c4f7-7000-b427-8cc10988c300`;

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: jsonOption,
    allowPositionals: true,
  });
  const id = onlyOne(positionals, "signal or order");
  return atDesk(async (client) => {
    const story = await storyOf(client, id);
    if (values.json) printJson(story);
    else tell(story);
    return DONE;
  });
}

/** A signal's id ends in 00, its orders' do not; both are looked for. */
async function storyOf(client: FillstreamClient, id: string): Promise<Ledger | OrderStory> {
  try {
    return await client.ledger(id);
  } catch (error: unknown) {
    if (!(error instanceof FillstreamProblem) || error.problem.code !== "not_found") throw error;
    return orderOf(client, id);
  }
}

async function orderOf(client: FillstreamClient, id: string): Promise<OrderStory> {
  try {
    return await client.order(id);
  } catch (error: unknown) {
    if (!(error instanceof FillstreamProblem) || error.problem.code !== "not_found") throw error;
    throw new OperatorError(`There is no signal and no order ${id}.`);
  }
}

function tell(story: Ledger | OrderStory): void {
  print(story.summary);
  if ("verdicts" in story) {
    const loud = story.verdicts.filter(({ result }) => result !== "pass" && result !== "off");
    for (const { rule, result, message } of loud) {
      print(painted(`  ${result} ${rule}: ${message ?? ""}`, "yellow"));
    }
  }
  const first = story.history[0];
  const begin = Date.parse("received_at" in story ? story.received_at : (first?.at ?? ""));
  printRows(
    story.history,
    [
      ["ms", ({ at }) => String(Date.parse(at) - begin)],
      ["what", ({ type }) => type],
      ["who", ({ actor }) => actor],
      ["where", ({ id }) => id],
    ],
    "Nothing has happened yet.",
  );
}
