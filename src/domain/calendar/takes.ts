// When a venue takes an order next: its regular hours, the extended ones where the order asks for them,
// and for the opening auction any time but the session itself.
import type { Venue } from "../instrument.ts";
import type { OrderTerms } from "../order/spec.ts";
import { nextTradable, phaseAt } from "./calendar.ts";
import type { EpochMs } from "./date.ts";
import type { CalendarOverrides } from "./override.ts";

/** This instant or a later one; null where none is in sight or nothing is known of then. */
export function takesFrom(
  venue: Venue,
  terms: Pick<OrderTerms, "timeInForce" | "extendedHours">,
  { now, calendar }: { readonly now: EpochMs; readonly calendar: CalendarOverrides },
): EpochMs | null {
  if (terms.timeInForce === "opg") {
    const { phase, until } = phaseAt(venue, now, calendar);
    if (phase === "always_open") return null;
    return phase === "continuous" ? until : now;
  }
  const regular = nextTradable(venue, now, "regular", calendar);
  if (!terms.extendedHours) return regular;
  const extended = nextTradable(venue, now, "extended", calendar);
  if (regular === null || extended === null) return regular ?? extended;
  return Math.min(regular, extended);
}
