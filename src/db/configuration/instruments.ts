// Instruments as the brokers describe them, refreshed from time to time.
import { Decimal } from "../../domain/decimal.ts";
import { asId, type InstrumentId } from "../../domain/ids.ts";
import type { Instrument, TickBand, Venue } from "../../domain/instrument.ts";
import { reading, type Sql } from "../client.ts";
import { decimal, list, object, word } from "../json-shape.ts";

export interface InstrumentDbRow {
  readonly id: string;
  readonly venue: string;
  readonly symbol: string;
  readonly asset_class: string;
  readonly currency: string;
  readonly ticks: unknown;
  readonly lot: string;
  readonly fractionable: boolean;
  readonly min_qty: string | null;
  readonly max_qty: string | null;
  readonly min_notional: string | null;
  readonly shortable: boolean;
  readonly tradable: boolean;
  readonly price_floor: string | null;
  readonly price_ceiling: string | null;
}

const ticks = list(object<TickBand>({ from: decimal, step: decimal }));
const assetClass = word<Instrument["assetClass"]>(["stock", "crypto"]);
const venue = word<Venue>(["XNYS", "XKRX", "HOSE", "HNX", "UPCOM", "CRYPTO", "SIM"]);
const orNull = (text: string | null) => (text === null ? null : Decimal.of(text));

export function instrumentFromRow(row: InstrumentDbRow): Instrument {
  const floor = orNull(row.price_floor);
  const ceiling = orNull(row.price_ceiling);
  return {
    id: asId<InstrumentId>(row.id),
    venue: venue(row.venue, "instruments.venue"),
    symbol: row.symbol,
    assetClass: assetClass(row.asset_class, "instruments.asset_class"),
    currency: row.currency,
    ticks: ticks(row.ticks, "instruments.ticks"),
    lot: Decimal.of(row.lot),
    fractionable: row.fractionable,
    minQuantity: orNull(row.min_qty),
    maxQuantity: orNull(row.max_qty),
    minNotional: orNull(row.min_notional),
    shortable: row.shortable,
    tradable: row.tradable,
    priceBand: floor === null || ceiling === null ? null : { floor, ceiling },
  };
}

/** In one statement; rows that would not change are left alone, so that nobody is told of nothing. */
export async function saveInstruments(sql: Sql, instruments: readonly Instrument[]): Promise<void> {
  if (instruments.length === 0) return;
  const rows = instruments.map((one) => ({
    id: one.id,
    venue: one.venue,
    symbol: one.symbol,
    asset_class: one.assetClass,
    currency: one.currency,
    ticks: one.ticks,
    lot: one.lot,
    fractionable: one.fractionable,
    min_qty: one.minQuantity,
    max_qty: one.maxQuantity,
    min_notional: one.minNotional,
    shortable: one.shortable,
    tradable: one.tradable,
    price_floor: one.priceBand?.floor ?? null,
    price_ceiling: one.priceBand?.ceiling ?? null,
  }));
  await reading(
    () => sql`
      WITH given AS (
        SELECT r.* FROM json_to_recordset(${JSON.stringify(rows)}::text::json) AS r (id text, venue text,
          symbol text, asset_class text, currency text, ticks jsonb, lot numeric, fractionable boolean,
          min_qty numeric, max_qty numeric, min_notional numeric, shortable boolean, tradable boolean,
          price_floor numeric, price_ceiling numeric)
      ), changed AS (
        SELECT g.* FROM given g LEFT JOIN instruments i ON i.id = g.id
        WHERE i.id IS NULL OR (i.asset_class, i.currency, i.ticks, i.lot, i.fractionable, i.min_qty,
          i.max_qty, i.min_notional, i.shortable, i.tradable, i.price_floor, i.price_ceiling)
          IS DISTINCT FROM (g.asset_class, g.currency, g.ticks, g.lot, g.fractionable, g.min_qty,
          g.max_qty, g.min_notional, g.shortable, g.tradable, g.price_floor, g.price_ceiling)
      )
      INSERT INTO instruments (id, venue, symbol, asset_class, currency, ticks, lot, fractionable,
        min_qty, max_qty, min_notional, shortable, tradable, price_floor, price_ceiling)
      SELECT id, venue, symbol, asset_class, currency, ticks, lot, fractionable, min_qty, max_qty,
        min_notional, shortable, tradable, price_floor, price_ceiling
      FROM changed ORDER BY id
      ON CONFLICT (id) DO UPDATE SET asset_class = excluded.asset_class, currency = excluded.currency,
        ticks = excluded.ticks, lot = excluded.lot, fractionable = excluded.fractionable,
        min_qty = excluded.min_qty, max_qty = excluded.max_qty, min_notional = excluded.min_notional,
        shortable = excluded.shortable, tradable = excluded.tradable,
        price_floor = excluded.price_floor, price_ceiling = excluded.price_ceiling,
        updated_at = now()`,
  );
}
