// Branded identifiers: a string that says what it identifies, so that two kinds cannot be mixed up.
declare const brand: unique symbol;
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Ids are made outside (time and randomness are inputs) and only named here. */
export type SignalId = Branded<"SignalId">;
export type CommandId = Branded<"CommandId">;
export type OrderId = Branded<"OrderId">;
export type AccountId = Branded<"AccountId">;
export type StrategyId = Branded<"StrategyId">;
/** `VENUE:SYMBOL`, for example `XNYS:AAPL`, `SIM:AAPL`, `CRYPTO:BTC/USD`. */
export type InstrumentId = Branded<"InstrumentId">;
/** What the broker calls an order. A replace gives the same order of ours a new one. */
export type BrokerOrderId = Branded<"BrokerOrderId">;
/** What we call an order on the broker's wire; chosen by the adapter before the first send. */
export type BrokerReference = Branded<"BrokerReference">;
/** The identity of one fill, built by the adapter from what the wire gives. */
export type ExecutionId = Branded<"ExecutionId">;

/** The one cast from text to an id: used where an id enters from a parsed edge or a generator. */
export function asId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
