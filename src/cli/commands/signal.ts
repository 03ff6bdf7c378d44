// `fillstream signal`: sends a signal, and waits for what becomes of it.
import { atDesk } from "../desk/desk.ts";
import { sendSignal } from "../desk/send-signal.ts";
import { readSignal } from "../desk/signal-args.ts";

export const name = "signal";
export const summary = "send a signal";
export const usage = `fillstream signal buy|sell <symbol> <qty> [options]
fillstream signal hold <symbol> <position> [options]

  fillstream signal buy AAPL 10 --reason "breakout" --wait
  fillstream signal sell BTC/USD 0.1
  fillstream signal buy AAPL 10 --limit 180 --take-profit 200 --stop-loss 170
  fillstream signal hold AAPL 0                  whatever it takes to be flat

  --limit --stop --trail --trail-percent P   prices            --notional M   money instead of <qty>
  --take-profit --stop-loss P                exits             --tif day|gtc|ioc|fok|opg|cls
  --order-class simple|bracket|oto|oco       oco: --take-profit and --stop-loss of what is held
  --account --strategy --reason --id         who and why       --valid-until T
  --extended-hours  --on-market-closed reject|queue            --wait S       seconds (5)   --json`;

export function run(args: string[]): Promise<number> {
  const { signal, wait, json } = readSignal(args);
  return atDesk((client) => sendSignal(client, signal, { wait, json }));
}
