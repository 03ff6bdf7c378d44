// Who trades what: accounts bound to one account at a broker, instruments, calendars and rates.
import { sql } from "drizzle-orm";
import {
  bigserial,
  boolean,
  check,
  date,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { exact, instant, partition } from "./columns.ts";

export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    partition: partition(),
    broker: text("broker").notNull(),
    environment: text("environment").notNull(),
    /** The broker's number of the account, written at first contact and never changed. */
    brokerAccount: text("broker_account"),
    boundAt: instant("bound_at"),
    currency: text("currency").notNull().default("USD"),
    dayZone: text("day_zone").notNull().default("America/New_York"),
    dayRoll: text("day_roll").notNull().default("00:00"),
    /** The name of a set of variables or of a file; never the credentials themselves. */
    credentials: text("credentials"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("accounts_broker_account").on(t.broker, t.environment, t.brokerAccount),
    index("accounts_partition").on(t.partition),
    check("accounts_environment", sql`${t.environment} IN ('mock', 'paper', 'live')`),
    check("accounts_day_roll", sql`${t.dayRoll} ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'`),
  ],
);

export const instruments = pgTable(
  "instruments",
  {
    id: text("id").primaryKey(),
    venue: text("venue").notNull(),
    symbol: text("symbol").notNull(),
    assetClass: text("asset_class").notNull(),
    currency: text("currency").notNull(),
    /** `[{ "from": "0", "step": "0.0001" }, …]`, ascending. */
    ticks: jsonb("ticks").notNull(),
    lot: exact("lot").notNull(),
    fractionable: boolean("fractionable").notNull(),
    minQty: exact("min_qty"),
    maxQty: exact("max_qty"),
    minNotional: exact("min_notional"),
    shortable: boolean("shortable").notNull(),
    tradable: boolean("tradable").notNull(),
    priceFloor: exact("price_floor"),
    priceCeiling: exact("price_ceiling"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    unique("instruments_venue_symbol").on(t.venue, t.symbol),
    check("instruments_id", sql`${t.id} = ${t.venue} || ':' || ${t.symbol}`),
    check("instruments_asset_class", sql`${t.assetClass} IN ('stock', 'crypto')`),
    check("instruments_lot", sql`${t.lot} > 0`),
    check(
      "instruments_price_band",
      sql`(${t.priceFloor} IS NULL) = (${t.priceCeiling} IS NULL) AND ${t.priceFloor} <= ${t.priceCeiling}`,
    ),
  ],
);

/** What an operator knows better than the published calendars; of two rows for a day the later counts. */
export const calendarOverrides = pgTable(
  "calendar_overrides",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    kind: text("kind").notNull(),
    venue: text("venue").notNull(),
    /** The day it is about; for `confirm` the last day that was compared. */
    date: date("date", { mode: "string" }).notNull(),
    open: text("open"),
    close: text("close"),
    reason: text("reason").notNull(),
    updatedBy: text("updated_by").notNull().default("fillstream"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    check(
      "calendar_overrides_venue",
      sql`${t.venue} IN ('XNYS', 'XKRX', 'HOSE', 'HNX', 'UPCOM', 'CRYPTO', 'SIM')`,
    ),
    check("calendar_overrides_kind", sql`${t.kind} IN ('close', 'hours', 'confirm')`),
    check(
      "calendar_overrides_hours",
      sql`(${t.kind} = 'hours') = (${t.open} IS NOT NULL AND ${t.close} IS NOT NULL)`,
    ),
    check(
      "calendar_overrides_times",
      sql`${t.open} ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND ${t.close} ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
        AND ${t.open} < ${t.close}`,
    ),
  ],
);

/** Dated conversion rates; a limit whose currency has none fails closed. */
export const fxRates = pgTable(
  "fx_rates",
  {
    fromCurrency: text("from_currency").notNull(),
    toCurrency: text("to_currency").notNull(),
    date: date("date", { mode: "string" }).notNull(),
    rate: exact("rate").notNull(),
    source: text("source").notNull(),
    savedAt: instant("saved_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.fromCurrency, t.toCurrency, t.date] }),
    check("fx_rates_rate", sql`${t.rate} > 0`),
    check(
      "fx_rates_currencies",
      sql`${t.fromCurrency} ~ '^[A-Z]{3,5}$' AND ${t.toCurrency} ~ '^[A-Z]{3,5}$'
        AND ${t.fromCurrency} <> ${t.toCurrency}`,
    ),
  ],
);
