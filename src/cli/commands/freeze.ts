// `fillstream freeze`: nothing leaves but cancels: exits are blocked too.
import { changeState } from "../desk/state-change.ts";

export const name = "freeze";
export const summary = "send nothing but cancels";
export const usage = `fillstream freeze [--account A] [--strategy S] [--reason "…"] [--flatten] [--json]

  fillstream freeze                       for everything
  fillstream freeze --account mock        for one account`;

export function run(args: string[]): Promise<number> {
  return changeState(args, { state: "halted", cancelOrders: false, needsReason: false });
}
