// What operators wrote into calendar_overrides, as the calendar takes it.
import {
  NO_OVERRIDES,
  overrideFrom,
  type CalendarOverrides,
  type OverrideText,
} from "../../domain/calendar/override.ts";
import type { Sql } from "../client.ts";

/** In the order of writing: of two rows for a day the later one counts. */
export async function readCalendarOverrides(sql: Sql): Promise<CalendarOverrides> {
  const rows = await sql<OverrideText[]>`
    SELECT kind, venue, date::text AS date, open, close, reason FROM calendar_overrides
    ORDER BY updated_at, id`;
  // Answers are kept per table, so an empty one stays the same one.
  return rows.length === 0 ? NO_OVERRIDES : rows.flatMap((row) => overrideFrom(row) ?? []);
}
