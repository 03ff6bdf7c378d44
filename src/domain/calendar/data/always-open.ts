// Venues that never close: crypto, and the simulated exchange. By convention their day is the UTC date.
import type { VenueCalendar } from "../venue.ts";

export const ALWAYS_OPEN: VenueCalendar = {
  zone: "UTC",
  weekends: "open",
  knownFrom: "1970-01-01",
  knownThrough: "9999-12-31",
  coverage: [{ through: "9999-12-31", status: "observed" }],
  hours: [
    {
      validFrom: "1970-01-01",
      open: "00:00",
      close: "24:00",
      phases: [["always_open", "00:00", "24:00", "both"]],
    },
  ],
  closures: [],
  specialDays: [],
  rowsThrough: "9999-12-31",
  auctions: null,
};
