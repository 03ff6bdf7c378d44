// `fillstream stop`: nothing new is opened; resting entries are cancelled, protective exits stay.
import { changeState } from "../desk/state-change.ts";

export const name = "stop";
export const summary = "open nothing more, cancel resting entries";
export const usage = `fillstream stop [--account A] [--strategy S] [--reason "…"] [--flatten] [--json]

  fillstream stop                       for everything
  fillstream stop --account mock        for one account`;

export function run(args: string[]): Promise<number> {
  return changeState(args, { state: "reducing", cancelOrders: true, needsReason: false });
}
