// `fillstream watch`: a live screen of positions and of what happens; lines only where there is none.
import { parseArgs } from "node:util";
import { streamOf } from "../../client/stream.ts";
import { atDesk, DONE } from "../desk/desk.ts";
import { accountOption, jsonOption } from "../desk/options.ts";
import { print } from "../desk/print.ts";
import { Screen } from "../desk/screen.ts";

export const name = "watch";
export const summary = "watch what happens, live";
export const usage = `fillstream watch [--account A] [--topics signal,order,execution,…] [--json]

Without a terminal, or with --json, every event is one line. Ctrl-C ends it.

  fillstream watch --topics order,execution --json`;

export function run(args: string[]): Promise<number> {
  const options = { ...jsonOption, ...accountOption, topics: { type: "string" } } as const;
  const { values } = parseArgs({ args, options });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  return atDesk(async (client) => {
    // First of all it must be there: a stream would wait for it for ever.
    const { data } = await client.positions({ account: values.account });
    const screen = process.stdout.isTTY && !values.json ? new Screen(data) : null;
    const events = streamOf(client, {
      signal: stop.signal,
      ...(values.account === undefined ? {} : { account: values.account }),
      ...(values.topics === undefined ? {} : { topics: values.topics.split(",") }),
      onLost: (reason) => screen?.lost(reason),
    });
    try {
      for await (const event of events) {
        if (screen === null) print(JSON.stringify(event));
        else screen.show(event);
      }
    } finally {
      screen?.leave();
    }
    return DONE;
  });
}
