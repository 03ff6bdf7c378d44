// `fillstream resume`: trading goes on; it asks for a reason.
import { changeState } from "../desk/state-change.ts";

export const name = "resume";
export const summary = "trade again";
export const usage = `fillstream resume --reason "…" [--account A] [--strategy S] [--json]

  fillstream resume --reason "checked the book with the broker"`;

export function run(args: string[]): Promise<number> {
  return changeState(args, { state: "active", cancelOrders: false, needsReason: true });
}
