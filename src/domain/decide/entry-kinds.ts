// What an entry of the broker's ledger is, by its type.
import type { BrokerActivity } from "../broker.ts";
import type { AdjustmentKind } from "../position/state.ts";
import type { Draft } from "./draft.ts";

/** By how the entry's type begins; brokers add letters behind. Whatever else moves shares is a transfer. */
const KINDS: readonly (readonly [prefix: string, kind: AdjustmentKind])[] = [
  ["CFEE", "fee_in_kind"],
  ["FEE", "fee"],
  ["PTC", "fee"],
  ["DIV", "dividend"],
  ["INT", "dividend"],
  ["SPLIT", "split"],
  ["SSP", "split"],
  ["SSO", "split"],
];

export function kindOf({ context }: Draft, activity: BrokerActivity): AdjustmentKind {
  const { type, instrumentId, quantity, netAmount } = activity;
  const word = type.toUpperCase();
  const kind = KINDS.find(([prefix]) => word.startsWith(prefix))?.[1] ?? "transfer";
  if (!word.startsWith("FEE") || instrumentId === null) return kind;
  // A fee in a coin that takes no money can only have taken the coin. One on shares may come to nothing.
  const isCoin = context.instrument(instrumentId)?.assetClass === "crypto";
  const isInKind = quantity?.isNegative() === true && netAmount?.isZero() !== false;
  return isCoin && isInKind ? "fee_in_kind" : kind;
}

/** The others are for what is held. */
export const isFeeOfTrade = ({ type }: BrokerActivity): boolean => /^C?FEE/i.test(type);
