// Portfolio history: the account's equity over time. Unlike the rest of the trading wire, in numbers.
import { activityTypeOf, netAmountOf, walkActivities } from "../activity-walk.ts";
import { DAY_MS, newYorkDate } from "../../new-york.ts";
import { barStart, nextBar, parseTimeframe } from "../../market/timeframe.ts";
import type { AlpacaContext } from "../context.ts";
import { parseInstant } from "../instants.ts";
import { equity } from "../../core/account.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json } from "../wire.ts";
import { wireNumber } from "./latest.ts";

const PERIOD = /^(\d{1,3})([DWMA])$/;
const PERIOD_DAYS: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30, A: 365 };
const TIMEFRAMES: Readonly<Record<string, string>> = {
  "1Min": "1Min",
  "5Min": "5Min",
  "15Min": "15Min",
  "1H": "1Hour",
  "1D": "1Day",
};
const INTRADAY_MAX_DAYS = 30;
const MAX_POINTS = 50_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

function periodMs(text: string): number {
  const parts = PERIOD.exec(text);
  const unit = PERIOD_DAYS[parts?.[2] ?? ""];
  if (parts === null || unit === undefined) throw invalid(`invalid period: ${text}`);
  return Number(parts[1]) * unit * DAY_MS;
}

function spanOf(request: WireRequest): Span {
  const { query, now } = request;
  const given = ["start", "end", "period"].filter((name) => (query.get(name) ?? "") !== "");
  if (given.length === 3) throw invalid("only two of start, end and period can be specified");
  const instant = (name: string): number | null => {
    const text = query.get(name) ?? "";
    if (text === "") return null;
    const parsed = parseInstant(text);
    if (parsed === null) throw invalid(`failed to parse ${name}`);
    return Math.floor(parsed / 1000);
  };
  const start = instant("start");
  const end = instant("end");
  const length = periodMs(query.get("period") || "1M");
  if (start !== null && end === null) {
    return { from: start, to: given.includes("period") ? start + length : now };
  }
  const to = end ?? now;
  return { from: start ?? to - length, to };
}

function timeframeOf(query: URLSearchParams, days: number): string {
  const given = query.get("timeframe") ?? "";
  if (given === "") return days < 7 ? "1Min" : days < INTRADAY_MAX_DAYS ? "15Min" : "1D";
  if (TIMEFRAMES[given] === undefined) throw invalid(`invalid timeframe: ${given}`);
  if (given !== "1D" && days > INTRADAY_MAX_DAYS) {
    throw invalid("intraday timeframes are limited to 30 days");
  }
  return given;
}

export function getHistory(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { account, query, now } = request;
  const span = spanOf(request);
  const name = timeframeOf(query, (span.to - span.from) / DAY_MS);
  const timeframe = parseTimeframe(TIMEFRAMES[name] ?? "1Day");
  if (timeframe === null) throw invalid(`invalid timeframe: ${name}`);
  const current = wireNumber(equity(account).round(2, "half_up"));
  const born = Math.floor(account.createdAt / 1000);
  const timestamps: number[] = [];
  const values: number[] = [];
  let at = barStart(timeframe, Math.max(span.from, born));
  for (; at <= Math.min(span.to, now) && timestamps.length < MAX_POINTS;) {
    const next = nextBar(timeframe, at);
    timestamps.push(Math.floor(at / 1000));
    values.push(context.exchange.equityAt(account, next) ?? current);
    at = next;
  }
  const base = values[0] ?? current;
  const gains = values.map((value) => Number((value - base).toFixed(2)));
  const ratio = (gain: number): number => (base === 0 ? 0 : Number((gain / base).toFixed(6)));
  return json(200, {
    timestamp: timestamps,
    equity: values,
    profit_loss: gains,
    profit_loss_pct: gains.map(ratio),
    base_value: base,
    base_value_asof: newYorkDate(born),
    timeframe: name,
    cashflow: cashflow(context, request, { starts: timestamps, end: at }),
  });
}

interface Windows {
  /** In seconds. */
  readonly starts: readonly number[];
  /** Of the last one, in milliseconds. */
  readonly end: number;
}

/** What came in and went out in each window, by the type of its activity; nothing unless asked for. */
function cashflow(context: AlpacaContext, { query, account }: WireRequest, windows: Windows) {
  const asked = query.get("cashflow_types") || "NONE";
  const flows: Record<string, number[]> = {};
  const { starts, end } = windows;
  const [first] = starts;
  if (asked === "NONE" || first === undefined) return flows;
  const wanted = asked === "ALL" ? null : asked.split(",");
  const span = { from: first * 1_000_000, to: end * 1_000, after: null, descending: false };
  const walk = { ...span, accountId: account.id };
  let window = 0;
  for (const step of walkActivities(context.exchange.engine.world, walk)) {
    const type = activityTypeOf(step);
    if (step.kind === "fill" || (wanted !== null && !wanted.includes(type))) continue;
    while (step.at >= (starts[window + 1] ?? Number.POSITIVE_INFINITY) * 1_000_000) window += 1;
    const flow = (flows[type] ??= starts.map(() => 0));
    flow[window] = Number(((flow[window] ?? 0) + wireNumber(netAmountOf(step))).toFixed(2));
  }
  return flows;
}
