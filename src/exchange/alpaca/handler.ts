// What answers a request: synchronous, since nothing here waits for anything.
import type { AlpacaContext } from "./context.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

export type Handler = (context: AlpacaContext, request: WireRequest) => WireAnswer;
