// `fillstream reduce`: nothing new is opened; what rests stays.
import { changeState } from "../desk/state-change.ts";

export const name = "reduce";
export const summary = "open nothing more";
export const usage = `fillstream reduce [--account A] [--strategy S] [--reason "…"] [--flatten] [--json]

  fillstream reduce                       for everything
  fillstream reduce --account mock        for one account`;

export function run(args: string[]): Promise<number> {
  return changeState(args, { state: "reducing", cancelOrders: false, needsReason: false });
}
