// A request whose row says who asked, and not any more what for: it was damaged, or written by another
// release. It is answered all the same, so that those behind it are.
import type { AccountId, CommandId, InstrumentId, SignalId, StrategyId } from "./ids.ts";

interface Unreadable {
  readonly number: number;
  readonly accountId: AccountId;
  readonly actor: string;
  readonly traceParent: string | null;
  /** What is wrong with its body. */
  readonly unreadable: string;
}

export interface UnreadableSignal extends Unreadable {
  readonly id: SignalId;
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
}

export interface UnreadableCommand extends Unreadable {
  readonly id: CommandId;
}
