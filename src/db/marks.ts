// The last price of each instrument. A position's value is the view `positions`, which joins them: one
// statement here revalues every open position, and writes none of them.
import { Decimal } from "../domain/decimal.ts";
import { asId, type InstrumentId } from "../domain/ids.ts";
import { replacesMark, type Mark } from "../domain/market.ts";
import type { MarkStore } from "../ports/store.ts";
import { plainArray, textArray } from "./array-literal.ts";
import { reading, type Sql } from "./client.ts";

interface MarkRow {
  readonly instrument_id: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly last: string | null;
  readonly at: Date;
}

const orNull = (text: string | null) => (text === null ? null : Decimal.of(text));

export class PostgresMarks implements MarkStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Of two marks of one instrument the later one stays, in whatever order they are saved; one side of a
   * quote takes no price away, as `replacesMark` has it.
   */
  async saveMarks(marks: readonly Mark[]): Promise<void> {
    if (marks.length === 0) return;
    const latest = latestOfEach(marks);
    await reading(
      () => this.#sql`
        INSERT INTO marks AS m (instrument_id, bid, ask, last, at)
        SELECT id, bid, ask, last, fillstream_at(at) FROM unnest(
          ${textArray(latest.map((mark) => mark.instrumentId))}::text[],
          ${plainArray(latest.map((mark) => mark.bid))}::numeric[],
          ${plainArray(latest.map((mark) => mark.ask))}::numeric[],
          ${plainArray(latest.map((mark) => mark.last))}::numeric[],
          ${plainArray(latest.map((mark) => mark.at))}::bigint[]) AS u (id, bid, ask, last, at)
        ORDER BY id
        ON CONFLICT (instrument_id) DO UPDATE SET bid = excluded.bid, ask = excluded.ask,
          last = excluded.last, at = excluded.at, saved_at = now()
        WHERE m.at <= excluded.at AND (excluded.last IS NOT NULL
          OR (excluded.bid IS NULL) = (excluded.ask IS NULL)
          OR coalesce(m.last, m.bid + m.ask) IS NULL)`,
    );
  }

  async loadMarks(): Promise<readonly Mark[]> {
    const rows = await reading(
      () => this.#sql<MarkRow[]>`SELECT instrument_id, bid, ask, last, at FROM marks`,
    );
    return rows.map((row) => ({
      instrumentId: asId<InstrumentId>(row.instrument_id),
      bid: orNull(row.bid),
      ask: orNull(row.ask),
      last: orNull(row.last),
      at: row.at.getTime(),
    }));
  }
}

function latestOfEach(marks: readonly Mark[]): readonly Mark[] {
  const latest = new Map<InstrumentId, Mark>();
  for (const mark of marks.toSorted((left, right) => left.at - right.at)) {
    const known = latest.get(mark.instrumentId);
    if (known === undefined || replacesMark(mark, known)) latest.set(mark.instrumentId, mark);
  }
  return [...latest.values()];
}
