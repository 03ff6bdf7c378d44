// Clock and calendar, in the old form and in the new one.
import type { AlpacaContext } from "../context.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { json } from "../wire.ts";
import { newYorkTimestamp } from "../../new-york.ts";

export function getClock(context: AlpacaContext, { now }: WireRequest): WireAnswer {
  const { session } = context.exchange.engine.world;
  return json(200, {
    timestamp: newYorkTimestamp(now),
    is_open: session.phase === "core",
    next_open: newYorkTimestamp(session.nextOpen),
    next_close: newYorkTimestamp(session.nextClose),
  });
}
