// A signal as the text that its row and its stream entry carry. The number is not in it: it is given
// at the commit, and stands in a column or a field of its own.
import { asId, type AccountId, type InstrumentId, type SignalId, type StrategyId } from "../ids.ts";
import type { Signal } from "../signal.ts";
import {
  decimal,
  integer,
  object,
  oneOf,
  orNull,
  parseObject,
  text,
  type JsonObject,
} from "./json.ts";
import { readOpenTerms, readTerms } from "./terms.ts";

export function encodeSignal(signal: Omit<Signal, "number">): string {
  return JSON.stringify(signal);
}

export function decodeSignal(body: string, number: number): Signal {
  const source = parseObject(body);
  return {
    id: asId<SignalId>(text(source, "id")),
    number,
    accountId: asId<AccountId>(text(source, "accountId")),
    instrumentId: asId<InstrumentId>(text(source, "instrumentId")),
    strategyId: readStrategy(source),
    wish: readWish(object(source, "wish")),
    reason: orNull(text, source, "reason"),
    validUntil: orNull(integer, source, "validUntil"),
    onMarketClosed: orNull(
      (parent, name) => oneOf(["reject", "queue"] as const, parent, name),
      source,
      "onMarketClosed",
    ),
    receivedAt: integer(source, "receivedAt"),
    actor: text(source, "actor"),
    traceParent: orNull(text, source, "traceParent"),
  };
}

function readStrategy(source: JsonObject): StrategyId | null {
  const name = orNull(text, source, "strategyId");
  return name === null ? null : asId<StrategyId>(name);
}

function readWish(source: JsonObject): Signal["wish"] {
  const kind = oneOf(["trade", "position"] as const, source, "kind");
  const terms = object(source, "terms");
  return kind === "trade"
    ? { kind, terms: readTerms(terms) }
    : { kind, target: decimal(source, "target"), terms: readOpenTerms(terms) };
}
