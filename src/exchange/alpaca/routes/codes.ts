// The tables of market data codes.
import type { Handler } from "../handler.ts";
import { CONDITIONS, EXCHANGES } from "../market-codes.ts";
import { dataError, json } from "../wire.ts";

export const getExchanges: Handler = () => json(200, EXCHANGES);

export const getConditions: Handler = (_, { params, query }) => {
  const kind = params.ticktype ?? "";
  const tapes = Object.hasOwn(CONDITIONS, kind) ? CONDITIONS[kind] : undefined;
  if (tapes === undefined) return dataError(400, `invalid ticktype: ${kind}`);
  const tape = query.get("tape") ?? "";
  const codes = Object.hasOwn(tapes, tape) ? tapes[tape] : undefined;
  if (codes === undefined) {
    return dataError(400, tape === "" ? "tape is required" : `invalid tape: ${tape}`);
  }
  return json(200, codes);
};
