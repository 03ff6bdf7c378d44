// Account activities: fills, the crypto fees that go with them when fees are charged, and entries that
// are no trades.
import { newYorkDate, newYorkInstant } from "../../new-york.ts";
import { activityId, feeId } from "../activity-id.ts";
import type { Place, Step } from "../activity-walk.ts";
import { activityTypeOf, placeOf, walkActivities } from "../activity-walk.ts";
import type { AlpacaContext } from "../context.ts";
import { instantMicros, parseInstant } from "../instants.ts";
import { entryJson, feeJson, fillJson } from "../json/activity.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json } from "../wire.ts";
import { list, wholeNumber } from "./list-orders.ts";

const TYPES =
  "FILL TRANS MISC ACATC ACATS CFEE CGD CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW " +
  "DIVTXEX FEE INT INTNRA INTTW JNL JNLC JNLS MA NC OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR " +
  "REORG SPIN SPLIT FOPT OCT";
const KNOWN: ReadonlySet<string> = new Set(TYPES.split(" "));
const CASH = ["TRANS", "CSD", "CSW"];
const NAMED: ReadonlySet<string> = new Set(["FILL", "DIV", ...CASH]);
const PAGE = 100;

interface Wanted {
  readonly types: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
  readonly descending: boolean;
  readonly size: number;
  readonly orderId: string | null;
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
  if (category === "") return named.length === 0 ? KNOWN : new Set(named.flatMap(membersOf));
  if (named.length > 0) throw invalid("only one of activity_types or category is accepted");
  if (category === "trade_activity") return new Set(["FILL"]);
  if (category !== "non_trade_activity") throw invalid(`invalid category: ${category}`);
  return new Set([...KNOWN].filter((type) => type !== "FILL"));
}

/** Two of the types are names for others: cash that came or went, and whatever has no other name. */
function membersOf(type: string): readonly string[] {
  if (type === "TRANS") return CASH;
  if (type === "MISC") return [...KNOWN].filter((each) => !NAMED.has(each));
  return [type];
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

/** Behind the last activity of the page before. */
function placeBehind(context: AlpacaContext, request: WireRequest): Place | null {
  const token = request.query.get("page_token") ?? "";
  if (token === "") return null;
  const place = placeOf(context.exchange.engine.world, request.account.id, token);
  if (place === null) throw invalid("invalid page_token");
  return place;
}

function stepJson(context: AlpacaContext, step: Step): unknown {
  if (step.kind === "entry") return entryJson(step.entry);
  const { execution } = step;
  if (step.kind === "fee") return feeJson(feeId(execution), execution);
  const id = activityId(execution, context.settings.activityIds);
  return fillJson(id, execution, context.exchange.engine.world.orders.get(execution.orderId));
}

function isOfOrder(step: Step, orderId: string | null): boolean {
  if (orderId === null) return true;
  return step.kind !== "entry" && step.execution.orderId === orderId;
}

export function listActivities(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { types, size, orderId, ...span } = parse(request);
  const after = placeBehind(context, request);
  const walk = { ...span, after, accountId: request.account.id };
  const found: unknown[] = [];
  for (const step of walkActivities(context.exchange.engine.world, walk)) {
    if (found.length >= size) break;
    if (types.has(activityTypeOf(step)) && isOfOrder(step, orderId))
      found.push(stepJson(context, step));
  }
  return json(200, found);
}
