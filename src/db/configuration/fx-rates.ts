// The rates that operators, or a feed of theirs, wrote into fx_rates.
import { Decimal } from "../../domain/decimal.ts";
import type { RateSource } from "../../domain/market.ts";
import { RateTable } from "../../domain/rate-table.ts";
import type { Sql } from "../client.ts";

interface RateDbRow {
  readonly from_currency: string;
  readonly to_currency: string;
  readonly day: number;
  readonly rate: string;
}

/** The newest ones are enough: a rate is good for days, and a date ahead of ours for hours. */
export async function readRates(sql: Sql): Promise<RateSource> {
  const rows = await sql<RateDbRow[]>`
    SELECT from_currency, to_currency, date - date '1970-01-01' AS day, rate FROM fx_rates
    WHERE date >= (now() AT TIME ZONE 'UTC')::date - 31`;
  return new RateTable(
    rows.map((row) => ({
      from: row.from_currency,
      to: row.to_currency,
      day: row.day,
      rate: Decimal.of(row.rate),
    })),
  );
}
