// Clock and calendar, in the old form and in the new one.
import { addDays, newYorkDate, newYorkMinutes, newYorkTimestamp } from "../../new-york.ts";
import type { SessionDay } from "../../session.ts";
import type { AlpacaContext } from "../context.ts";
import { parseInstant } from "../instants.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { json, text, wireError, WireFailure } from "../wire.ts";
import { list } from "./list-orders.ts";

export function getClock(context: AlpacaContext, { now }: WireRequest): WireAnswer {
  const { session } = context.exchange.engine.world;
  return json(200, {
    timestamp: newYorkTimestamp(now),
    is_open: session.phase === "core",
    next_open: newYorkTimestamp(session.nextOpen),
    next_close: newYorkTimestamp(session.nextClose),
  });
}

const FIRST_DAY = "1970-01-02";
const LAST_DAY = "2029-12-31";

function bad(message: string): WireFailure {
  return new WireFailure(wireError(400, 40010001, message));
}

/** A date as it is, an instant as the day it falls on in UTC: clients send midnight UTC for a day. */
function dateOf(query: URLSearchParams, name: string, otherwise: string): string {
  const given = query.get(name) ?? "";
  if (given === "") return otherwise;
  if (parseInstant(given) === null) throw bad(`invalid ${name}: ${given}`);
  const date = given.slice(0, 10);
  return date < FIRST_DAY ? FIRST_DAY : date > LAST_DAY ? LAST_DAY : date;
}

function clockTime(at: number, date: string): string {
  // Midnight at the end of a day is 24:00 of that day, which no client can read: the minute before.
  if (newYorkDate(at) !== date) return "23:59";
  const minutes = newYorkMinutes(at);
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** The text of each day, kept as long as the day is: a whole calendar has fifteen thousand. */
function keptText(write: (day: SessionDay) => unknown): (day: SessionDay) => string {
  const texts = new WeakMap<SessionDay, string>();
  return (day) => {
    let known = texts.get(day);
    if (known === undefined) texts.set(day, (known = JSON.stringify(write(day))));
    return known;
  };
}

const legacyText = keptText(legacyDay);

function legacyDay(day: SessionDay): Record<string, unknown> {
  const bare = (at: number): string => clockTime(at, day.date).replace(":", "");
  return {
    date: day.date,
    open: clockTime(day.coreStart, day.date),
    close: clockTime(day.coreEnd, day.date),
    session_open: bare(day.preStart),
    session_close: bare(day.postEnd),
    settlement_date: day.settlementDate,
  };
}

export function getCalendar(context: AlpacaContext, { query }: WireRequest): WireAnswer {
  const { sessions } = context.exchange.engine.world;
  const from = dateOf(query, "start", FIRST_DAY);
  const to = dateOf(query, "end", LAST_DAY);
  const kind = query.get("date_type") ?? "TRADING";
  if (kind !== "TRADING" && kind !== "SETTLEMENT") throw bad(`invalid date_type: ${kind}`);
  if (kind === "TRADING") return text(200, listText(sessions.days(from, to), legacyText));
  const days = sessions.days(addDays(from, -12), to);
  const settling = days.filter((day) => day.settlementDate >= from && day.settlementDate <= to);
  return text(200, listText(settling, legacyText));
}

function listText(days: readonly SessionDay[], write: (day: SessionDay) => string): string {
  return `[${days.map(write).join(",")}]`;
}

interface Market {
  readonly mic: string;
  readonly acronym: string;
  readonly name: string;
}

const NYSE: Market = { mic: "XNYS", acronym: "NYSE", name: "New York Stock Exchange" };
const NASDAQ: Market = { mic: "XNAS", acronym: "NASDAQ", name: "NASDAQ" };
const IEX: Market = { mic: "IEXG", acronym: "IEX", name: "Investors Exchange" };

/** The markets whose hours this exchange keeps; the real endpoint knows more of the world. */
const MARKETS: ReadonlyMap<string, Market> = new Map([
  ["NYSE", NYSE],
  ["XNYS", NYSE],
  ["NASDAQ", NASDAQ],
  ["XNAS", NASDAQ],
  ["IEX", IEX],
  ["IEXG", IEX],
]);

function marketJson(market: Market): Record<string, unknown> {
  return { ...market, timezone: "America/New_York" };
}

function marketNamed(name: string): Market {
  const market = MARKETS.get(name);
  if (market === undefined) throw bad(`invalid market: ${name}`);
  return market;
}

export function getClocks(context: AlpacaContext, { query, now }: WireRequest): WireAnswer {
  const { world } = context.exchange.engine;
  const named = list(query, "markets");
  const markets = named.length === 0 ? [NYSE, NASDAQ] : named.map(marketNamed);
  const given = query.get("time") ?? "";
  const parsed = given === "" ? now * 1000 : parseInstant(given);
  if (parsed === null) throw bad(`invalid time: ${given}`);
  const at = Math.floor(parsed / 1000);
  const session = given === "" ? world.session : world.sessions.at(at);
  const phase = session.phase === "overnight" ? "closed" : session.phase;
  const clocks = markets.map((market) => ({
    market: marketJson(market),
    timestamp: newYorkTimestamp(at),
    is_market_day: session.isMarketDay,
    next_market_open: newYorkTimestamp(session.nextOpen),
    next_market_close: newYorkTimestamp(session.nextClose),
    phase,
    phase_until: newYorkTimestamp(session.phaseUntil),
  }));
  return json(200, { clocks });
}

function day(source: SessionDay, write: (at: number) => string): Record<string, unknown> {
  return {
    date: source.date,
    core_start: write(source.coreStart),
    core_end: write(source.coreEnd),
    pre_start: write(source.preStart),
    pre_end: write(source.coreStart),
    post_start: write(source.coreEnd),
    post_end: write(source.postEnd),
    settlement_date: source.settlementDate,
  };
}

const utcText = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
const dayInUtc = keptText((source) => day(source, utcText));
const dayInNewYork = keptText((source) => day(source, newYorkTimestamp));

const DEFAULT_DAYS = 7;

export function getMarketCalendar(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { query, params, now } = request;
  const market = marketNamed(params.market ?? "");
  const from = dateOf(query, "start", newYorkDate(now));
  const to = dateOf(query, "end", addDays(from, DEFAULT_DAYS));
  const zone = query.get("timezone") ?? "";
  if (zone !== "" && zone !== "UTC") throw bad(`invalid timezone: ${zone}`);
  const calendar = context.exchange.engine.world.sessions.days(from, to);
  const days = listText(calendar, zone === "UTC" ? dayInUtc : dayInNewYork);
  return text(200, `{"market":${JSON.stringify(marketJson(market))},"calendar":${days}}`);
}
