// `fillstream preview`: what would become of a signal, with every limit's head-room.
import { atDesk, DONE, REFUSED } from "../desk/desk.ts";
import { painted, print, printJson, printRows } from "../desk/print.ts";
import { readSignal } from "../desk/signal-args.ts";

export const name = "preview";
export const summary = "ask what would become of a signal";
export const usage = `fillstream preview buy|sell|hold <symbol> <qty> [options of signal]

  fillstream preview buy AAPL 50 --limit 180`;

export function run(args: string[]): Promise<number> {
  const { signal, json } = readSignal(args);
  return atDesk(async (client) => {
    const preview = await client.preview(signal);
    if (json) printJson(preview);
    else {
      printRows(
        preview.verdicts.filter(({ result }) => result !== "off"),
        [
          ["rule", ({ rule }) => rule],
          ["verdict", ({ result }) => result],
          ["head-room", ({ head }) => head],
          ["why", ({ message }) => message],
        ],
        "No rule had anything to say.",
      );
      print(
        preview.outcome === "rejected"
          ? painted(`It would be refused: ${preview.error_message}`, "red")
          : painted(`It would be ${preview.outcome}.`, "green"),
      );
    }
    return preview.outcome === "rejected" ? REFUSED : DONE;
  });
}
