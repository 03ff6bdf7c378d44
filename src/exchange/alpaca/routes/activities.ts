// Account activities: fills, and the crypto fees that go with them when fees are charged.
import type { Execution, Order } from "../../core/order.ts";
import { firstFrom } from "../../core/execution-store.ts";
import { newYorkDate, newYorkInstant } from "../../new-york.ts";
import { activityId, activityStamp, disguise, executionIds } from "../activity-id.ts";
import type { AlpacaContext } from "../context.ts";
import { instantMicros, parseInstant } from "../instants.ts";
import { timestamp } from "../json/time.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json } from "../wire.ts";
import { list, wholeNumber } from "./list-orders.ts";

const TYPES =
  "FILL TRANS MISC ACATC ACATS CFEE CGD CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW " +
  "DIVTXEX FEE INT INTNRA INTTW JNL JNLC JNLS MA NC OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR " +
  "REORG SPIN SPLIT FOPT OCT";
const KNOWN: ReadonlySet<string> = new Set(TYPES.split(" "));
const PAGE = 100;

interface Wanted {
  readonly types: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
  readonly descending: boolean;
  readonly size: number;
  readonly orderId: string | null;
}

function fillJson(context: AlpacaContext, execution: Execution, order: Order | undefined): unknown {
  return {
    id: activityId(execution, context.settings.activityIds),
    activity_type: "FILL",
    transaction_time: timestamp(execution.at),
    type: execution.complete ? "fill" : "partial_fill",
    price: execution.price.toString(),
    qty: execution.quantity.toString(),
    side: execution.side,
    symbol: execution.symbol,
    leaves_qty: execution.leaves.toString(),
    order_id: execution.orderId,
    cum_qty: execution.cumulative.toString(),
    order_status: order?.status ?? "filled",
  };
}

function feeJson(execution: Execution): unknown {
  const inCoin = execution.side === "buy";
  return {
    id: `${activityStamp(execution.at)}::${disguise(execution.orderId)}`,
    activity_type: inCoin ? "CFEE" : "FEE",
    date: newYorkDate(Math.floor(execution.at / 1000)),
    net_amount: inCoin ? "0" : execution.fee.negated().toString(),
    symbol: execution.symbol.replace("/", ""),
    qty: inCoin ? execution.fee.negated().toString() : "0",
    price: execution.price.toString(),
    status: "executed",
    created_at: timestamp(execution.at),
    currency: "USD",
    description: "Crypto trading fee",
  };
}

/** An instant, or the first moment of a day; `after` takes its own instant in, `until` leaves it out. */
function bounds(query: URLSearchParams): { readonly from: number; readonly to: number } {
  const day = query.get("date");
  if (day !== null && day !== "") {
    const at = parseInstant(day);
    if (at === null) throw invalid("failed to parse date");
    const date = newYorkDate(at / 1000);
    const start = newYorkInstant(date, 0);
    return { from: start * 1000, to: newYorkInstant(date, 24 * 60) * 1000 };
  }
  return {
    from: instantMicros(query.get("after"), "after") ?? 0,
    to: instantMicros(query.get("until"), "until") ?? Number.MAX_SAFE_INTEGER,
  };
}

function typesOf(request: WireRequest): ReadonlySet<string> {
  const { query, params } = request;
  const inPath = params.activity_type;
  const named = inPath === undefined ? list(query, "activity_types") : [inPath];
  for (const type of named) if (!KNOWN.has(type)) throw invalid(`invalid activity type: ${type}`);
  const category = query.get("category") ?? "";
  if (category === "") return named.length === 0 ? KNOWN : new Set(named);
  if (named.length > 0) throw invalid("only one of activity_types or category is accepted");
  if (category === "trade_activity") return new Set(["FILL"]);
  if (category !== "non_trade_activity") throw invalid(`invalid category: ${category}`);
  return new Set([...KNOWN].filter((type) => type !== "FILL"));
}

function parse(request: WireRequest): Wanted {
  const { query } = request;
  const direction = query.get("direction")?.toLowerCase() ?? "desc";
  if (direction !== "asc" && direction !== "desc") throw invalid(`invalid direction: ${direction}`);
  return {
    types: typesOf(request),
    ...bounds(query),
    descending: direction === "desc",
    size: wholeNumber(query, "page_size", PAGE) ?? PAGE,
    orderId: query.get("order_id"),
  };
}

/** Where the page begins: behind the last activity of the page before. */
function startAt(context: AlpacaContext, request: WireRequest, wanted: Wanted): number {
  const { executions } = context.exchange.engine.world;
  const own = executions.of(request.account.id);
  const token = request.query.get("page_token") ?? "";
  const bound = wanted.descending ? firstFrom(own, wanted.to) - 1 : firstFrom(own, wanted.from);
  if (token === "") return bound;
  const last = executionIds(token)
    .map((id) => executions.get(id))
    .find((execution) => execution !== undefined);
  if (last === undefined || last.accountId !== request.account.id) {
    throw invalid("invalid page_token");
  }
  const index = firstFrom(own, last.at);
  return wanted.descending ? Math.min(bound, index - 1) : Math.max(bound, index + 1);
}

export function listActivities(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { world } = context.exchange.engine;
  const wanted = parse(request);
  const own = world.executions.of(request.account.id);
  const step = wanted.descending ? -1 : 1;
  const found: unknown[] = [];
  let index = startAt(context, request, wanted);
  for (; found.length < wanted.size; index += step) {
    const execution = own[index];
    if (execution === undefined || execution.at < wanted.from || execution.at >= wanted.to) break;
    if (wanted.orderId !== null && execution.orderId !== wanted.orderId) continue;
    // A busted fill is no activity, and a corrected one is shown as corrected.
    const isBust = execution.quantity.isNegative();
    if (isBust || !world.executions.stands(execution)) continue;
    const feeType = execution.side === "buy" ? "CFEE" : "FEE";
    if (!execution.fee.isZero() && wanted.types.has(feeType)) found.push(feeJson(execution));
    if (wanted.types.has("FILL")) {
      found.push(fillJson(context, execution, world.orders.get(execution.orderId)));
    }
  }
  return json(200, found);
}
