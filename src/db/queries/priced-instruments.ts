// The instruments whose price matters somewhere in the deployment: held, by us or left to others, or with an
// order open.
import type { Instrument } from "../../domain/instrument.ts";
import { reading, type Sql } from "../client.ts";
import { instrumentFromRow, type InstrumentDbRow } from "../configuration/instruments.ts";

export async function pricedInstruments(sql: Sql): Promise<readonly Instrument[]> {
  const rows = await reading(
    () => sql<InstrumentDbRow[]>`
      SELECT * FROM instruments WHERE id IN (
        SELECT instrument_id FROM position_states WHERE strategy_id IS NULL AND qty <> 0
        UNION
        SELECT instrument_id FROM orders WHERE closed_at IS NULL
        UNION
        SELECT subject FROM (
          SELECT DISTINCT ON (partition, account_id, subject) subject, theirs FROM differences
          WHERE kind = 'position_accepted'
          ORDER BY partition, account_id, subject, seq DESC) AS accepted
        WHERE theirs::numeric <> 0)`,
  );
  return rows.map(instrumentFromRow);
}
