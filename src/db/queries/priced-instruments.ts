// The instruments whose price matters somewhere in the deployment: held, or with an order open.
import type { Instrument } from "../../domain/instrument.ts";
import { reading, type Sql } from "../client.ts";
import { instrumentFromRow, type InstrumentDbRow } from "../configuration/instruments.ts";

export async function pricedInstruments(sql: Sql): Promise<readonly Instrument[]> {
  const rows = await reading(
    () => sql<InstrumentDbRow[]>`
      SELECT * FROM instruments WHERE id IN (
        SELECT instrument_id FROM position_states WHERE strategy_id IS NULL AND qty <> 0
        UNION
        SELECT instrument_id FROM orders WHERE closed_at IS NULL)`,
  );
  return rows.map(instrumentFromRow);
}
