// Signals and commands as the record has them. A body that cannot be read leaves what its columns say.
import { decodeCommand } from "../../domain/codec/command.ts";
import { decodeSignal } from "../../domain/codec/signal.ts";
import type { Command } from "../../domain/command.ts";
import {
  asId,
  type AccountId,
  type CommandId,
  type InstrumentId,
  type SignalId,
  type StrategyId,
} from "../../domain/ids.ts";
import type { Signal } from "../../domain/signal.ts";
import type { UnreadableCommand, UnreadableSignal } from "../../domain/unreadable.ts";
import { messageOf } from "../../operator-error.ts";

export interface CommandRow {
  readonly id: string;
  readonly number: number;
  readonly account_id: string;
  readonly actor: string;
  readonly trace_parent: string | null;
  readonly body: string;
}

export interface SignalRow extends CommandRow {
  readonly instrument_id: string;
  readonly strategy_id: string | null;
}

export function readSignal(row: SignalRow): Signal | UnreadableSignal {
  try {
    return decodeSignal(row.body, row.number);
  } catch (error: unknown) {
    return {
      ...headOf(row, error),
      id: asId<SignalId>(row.id),
      instrumentId: asId<InstrumentId>(row.instrument_id),
      strategyId: row.strategy_id === null ? null : asId<StrategyId>(row.strategy_id),
    };
  }
}

export function readCommand(row: CommandRow): Command | UnreadableCommand {
  try {
    return decodeCommand(row.body, row.number);
  } catch (error: unknown) {
    return { ...headOf(row, error), id: asId<CommandId>(row.id) };
  }
}

function headOf(row: CommandRow, error: unknown) {
  const { number, actor, trace_parent: traceParent } = row;
  const unreadable = messageOf(error);
  return { number, accountId: asId<AccountId>(row.account_id), actor, traceParent, unreadable };
}
