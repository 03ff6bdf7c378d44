// `fillstream webhooks`: who is told what happens; made, tried, told again, switched, removed.
import { parseArgs } from "node:util";
import type { FillstreamClient } from "../../client/client.ts";
import { UsageError } from "../command.ts";
import { atDesk, DONE, REFUSED } from "../desk/desk.ts";
import { jsonOption } from "../desk/options.ts";
import { print, printDone, printJson, printRows, shortInstant } from "../desk/print.ts";

export const name = "webhooks";
export const summary = "make, test, replay and switch webhooks";
export const usage = `fillstream webhooks [--json]
fillstream webhooks create --name N --url U [--events rejected,filled|all] [--template json|slack|…]
fillstream webhooks test|deliveries|on|off|remove <id> [--json]
fillstream webhooks replay <id> [--after <cursor of /events>] [--json]   from the very start without it

  fillstream webhooks create --name desk --url https://example.com/hook
  fillstream webhooks test 01a1f964-c4f7-7000-b427-8cc10988c300`;

const text = { type: "string" } as const;
const options = {
  ...jsonOption,
  name: text,
  url: text,
  events: text,
  template: text,
  after: text,
} as const;

interface Typed {
  readonly json: boolean;
  readonly name?: string;
  readonly url?: string;
  readonly events?: string;
  readonly template?: string;
  readonly after?: string;
}

export function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb = "list", id, ...more] = positionals;
  if (more.length > 0) throw new UsageError("That is too much at once.");
  if (verb === "list" && id === undefined) return atDesk((client) => list(client, values.json));
  if (verb === "create" && id === undefined) {
    const webhook = webhookOf(values);
    return atDesk((client) => create(client, webhook, values.json));
  }
  const work = id === undefined ? undefined : ON_ONE[verb];
  if (id === undefined || work === undefined) {
    throw new UsageError("Say create, or test, replay, deliveries, on, off or remove <id>.");
  }
  return atDesk((client) => work(client, id, values));
}

type OnOne = (client: FillstreamClient, id: string, typed: Typed) => Promise<number>;

const ON_ONE: Readonly<Record<string, OnOne | undefined>> = {
  test,
  deliveries,
  on: doing((client, id) => client.switchWebhook(id, true), "Switched on."),
  off: doing((client, id) => client.switchWebhook(id, false), "Switched off."),
  remove: doing((client, id) => client.removeWebhook(id), "Removed."),
  replay: doing(
    (client, id, { after = "" }) => client.replayWebhook(id, after),
    "It is told again from there, in order.",
  ),
};

function doing(
  work: (client: FillstreamClient, id: string, typed: Typed) => Promise<void>,
  sentence: string,
): OnOne {
  return async (client, id, typed) => {
    await work(client, id, typed);
    printDone(id, sentence, typed);
    return DONE;
  };
}

function webhookOf({ name: title, url, events, template }: Typed) {
  if (title === undefined || url === undefined)
    throw new UsageError("--name and --url are needed.");
  return { name: title, url, template, events: events?.split(",").map((each) => each.trim()) };
}

async function list(client: FillstreamClient, json: boolean): Promise<number> {
  const { data } = await client.webhooks();
  if (json) printJson(data);
  else {
    printRows(
      data,
      [
        ["id", (hook) => hook.id],
        ["name", (hook) => hook.name],
        ["events", (hook) => (hook.events.length === 0 ? "the usual" : hook.events.join(","))],
        ["template", (hook) => hook.template],
        ["state", (hook) => (hook.enabled ? "on" : "off")],
        ["why", (hook) => hook.disabled_reason],
      ],
      "No webhooks.",
    );
  }
  return DONE;
}

async function create(
  client: FillstreamClient,
  webhook: Readonly<Record<string, unknown>>,
  json: boolean,
): Promise<number> {
  const made = await client.createWebhook(webhook);
  if (json) printJson(made);
  else print(`${made.id}\n${made.secret}\nKeep the secret now: it is not shown again.`);
  return DONE;
}

async function test(client: FillstreamClient, id: string, { json }: Typed): Promise<number> {
  const sent = await client.testWebhook(id);
  if (json) printJson(sent);
  else
    print(sent.error === null ? `It took the test (${sent.status}).` : `It failed: ${sent.error}`);
  return sent.error === null ? DONE : REFUSED;
}

async function deliveries(client: FillstreamClient, id: string, { json }: Typed): Promise<number> {
  const { data } = await client.deliveries(id);
  if (json) printJson(data);
  else {
    printRows(
      data,
      [
        ["when", (each) => shortInstant(each.at)],
        ["notice", (each) => each.notice],
        ["event", (each) => each.event],
        ["attempt", (each) => String(each.attempt)],
        ["answer", (each) => each.error ?? String(each.status)],
        ["again", (each) => shortInstant(each.next_attempt_at)],
      ],
      "Nothing was told yet.",
    );
  }
  return DONE;
}
