// The reads: the official SDK's raw classes say what is asked and how, our wire carries it, and our
// schema reads the answer from its own text (the SDK would turn instants into Dates and null into undefined).
import { errors, trading } from "@alpacahq/alpaca-trade-api/rest";
import type { z } from "zod";
import { BrokerRateLimited, BrokerUnavailable } from "../../ports/broker.ts";
import type { CallOptions } from "../../ports/broker.ts";
import { faultOf, parseJson, readFault } from "./faults.ts";
import type { AlpacaWire } from "./wire.ts";

/** A raw answer of the SDK, of which we only want the HTTP response. */
type Raw = Promise<{ readonly raw: Response }>;
type Init = { readonly signal: AbortSignal };

export class AlpacaRest {
  readonly #wire: AlpacaWire;
  readonly orders: trading.OrdersApi;
  readonly accounts: trading.AccountsApi;
  readonly activities: trading.AccountActivitiesApi;
  readonly positions: trading.PositionsApi;
  readonly assets: trading.AssetsApi;
  readonly clock: trading.ClockApi;

  constructor(wire: AlpacaWire) {
    this.#wire = wire;
    const configuration = new trading.Configuration({
      basePath: "",
      fetchApi: fetchOn(wire),
      // The wire has deadlines of its own; the SDK's would only be a second timer on each call.
      timeoutMs: 0,
    });
    this.orders = new trading.OrdersApi(configuration);
    this.accounts = new trading.AccountsApi(configuration);
    this.activities = new trading.AccountActivitiesApi(configuration);
    this.positions = new trading.PositionsApi(configuration);
    this.assets = new trading.AssetsApi(configuration);
    this.clock = new trading.ClockApi(configuration);
  }

  /** The parsed body; null where Alpaca says that there is no such thing. Throws `BrokerUnavailable`. */
  async find<Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    options: CallOptions,
    call: (init: Init) => Raw,
  ): Promise<z.output<Schema> | null> {
    options.onRequest?.();
    let text: string;
    try {
      const { raw } = await call({ signal: options.signal });
      text = await raw.text();
    } catch (error: unknown) {
      const fault = await faultBehind(error, what, this.#wire);
      if (fault === null) return null;
      throw fault;
    }
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(".") ?? "";
    throw new BrokerUnavailable(`${what}: cannot be read at ${where}: ${issue?.message ?? ""}`);
  }

  /** As `find`, for what always exists. */
  async read<Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    options: CallOptions,
    call: (init: Init) => Raw,
  ): Promise<z.output<Schema>> {
    const found = await this.find(what, schema, options, call);
    if (found === null) throw new BrokerUnavailable(`${what}: not found`);
    return found;
  }
}

/** The exception behind what the SDK threw; null for a "not found" of Alpaca's own. */
async function faultBehind(
  error: unknown,
  what: string,
  wire: Pick<AlpacaWire, "retryAt">,
): Promise<Error | null> {
  if (error instanceof errors.ApiError) {
    const fault = faultOf(error.status, await error.response.clone().text());
    if (fault.kind === "rate_limited") {
      return new BrokerRateLimited(`${what}: over the rate limit`, wire.retryAt());
    }
    return fault.kind === "not_found" ? null : readFault(fault, what);
  }
  const cause = error instanceof errors.FetchError ? (error.cause ?? error) : error;
  return new BrokerUnavailable(`${what}: ${cause instanceof Error ? cause.message : "failed"}`, {
    cause: error,
  });
}

/** `fetch` for the SDK, on our connections, our deadlines and our account of the rate budget. */
function fetchOn(wire: AlpacaWire): typeof fetch {
  return async (input, init) => {
    if (typeof input !== "string") throw new TypeError("the SDK asks by text");
    const answer = await wire.exchange({
      method: "GET",
      path: input,
      signal: init?.signal ?? new AbortController().signal,
    });
    if (answer.kind === "failure") throw new Error(answer.cause);
    const headers = { "content-type": "application/json" };
    return new Response(answer.body, { status: answer.status, headers });
  };
}
