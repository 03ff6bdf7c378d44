// HOSE, HNX and UPCOM (Vietnam): shared closures, each market's own phases.
// The government swaps weekdays for Saturdays; the exchanges close on the one and stay closed on the other.
import { closures } from "../venue.ts";
import type { Closure, HoursRow, VenueCalendar } from "../venue.ts";

const SHARED_CLOSURES: readonly Closure[] = [
  ...closures("reconstructed", [
    ["2018-01-01", "New Year's Day"],
    ["2018-02-14", "Tet"],
    ["2018-02-15", "Tet"],
    ["2018-02-16", "Tet"],
    ["2018-02-19", "Tet"],
    ["2018-02-20", "Tet"],
    ["2018-04-25", "Hung Kings' Day"],
    ["2018-04-30", "Reunification Day"],
    ["2018-05-01", "Labour Day"],
    ["2018-09-03", "National Day"],
    ["2018-12-31", "Swapped for a working Saturday"],
    ["2019-01-01", "New Year's Day"],
    ["2019-02-04", "Tet"],
    ["2019-02-05", "Tet"],
    ["2019-02-06", "Tet"],
    ["2019-02-07", "Tet"],
    ["2019-02-08", "Tet"],
    ["2019-04-15", "Hung Kings' Day"],
    ["2019-04-29", "Swapped for a working Saturday"],
    ["2019-04-30", "Reunification Day"],
    ["2019-05-01", "Labour Day"],
    ["2019-09-02", "National Day"],
    ["2020-01-01", "New Year's Day"],
    ["2020-01-23", "Tet"],
    ["2020-01-24", "Tet"],
    ["2020-01-27", "Tet"],
    ["2020-01-28", "Tet"],
    ["2020-01-29", "Tet"],
    ["2020-04-02", "Hung Kings' Day"],
    ["2020-04-30", "Reunification Day"],
    ["2020-05-01", "Labour Day"],
    ["2020-09-02", "National Day"],
    ["2021-01-01", "New Year's Day"],
    ["2021-02-10", "Tet"],
    ["2021-02-11", "Tet"],
    ["2021-02-12", "Tet"],
    ["2021-02-15", "Tet"],
    ["2021-02-16", "Tet"],
    ["2021-04-21", "Hung Kings' Day"],
    ["2021-04-30", "Reunification Day"],
    ["2021-05-03", "Labour Day"],
    ["2021-09-02", "National Day"],
    ["2021-09-03", "National Day"],
    ["2022-01-03", "New Year's Day"],
    ["2022-01-31", "Tet"],
    ["2022-02-01", "Tet"],
    ["2022-02-02", "Tet"],
    ["2022-02-03", "Tet"],
    ["2022-02-04", "Tet"],
    ["2022-04-11", "Hung Kings' Day"],
    ["2022-05-02", "Reunification Day"],
    ["2022-05-03", "Labour Day"],
    ["2022-09-01", "National Day"],
    ["2022-09-02", "National Day"],
    ["2023-01-02", "New Year's Day"],
    ["2023-01-20", "Tet"],
    ["2023-01-23", "Tet"],
    ["2023-01-24", "Tet"],
    ["2023-01-25", "Tet"],
    ["2023-01-26", "Tet"],
    ["2023-05-01", "Hung Kings' Day"],
    ["2023-05-02", "Reunification Day"],
    ["2023-05-03", "Labour Day"],
    ["2023-09-01", "National Day"],
    ["2023-09-04", "National Day"],
  ]),
  ...closures("observed", [
    ["2024-01-01", "New Year's Day"],
    ["2024-02-08", "Tet"],
    ["2024-02-09", "Tet"],
    ["2024-02-12", "Tet"],
    ["2024-02-13", "Tet"],
    ["2024-02-14", "Tet"],
    ["2024-04-18", "Hung Kings' Day"],
    ["2024-04-29", "Swapped for a working Saturday"],
    ["2024-04-30", "Reunification Day"],
    ["2024-05-01", "Labour Day"],
    ["2024-09-02", "National Day"],
    ["2024-09-03", "National Day"],
    ["2025-01-01", "New Year's Day"],
    ["2025-01-27", "Tet"],
    ["2025-01-28", "Tet"],
    ["2025-01-29", "Tet"],
    ["2025-01-30", "Tet"],
    ["2025-01-31", "Tet"],
    ["2025-04-07", "Hung Kings' Day"],
    ["2025-04-30", "Reunification Day"],
    ["2025-05-01", "Labour Day"],
    ["2025-05-02", "Swapped for a working Saturday"],
    ["2025-09-01", "National Day"],
    ["2025-09-02", "National Day"],
    ["2026-01-01", "New Year's Day"],
    ["2026-01-02", "Swapped for a working Saturday"],
    ["2026-02-16", "Tet"],
    ["2026-02-17", "Tet"],
    ["2026-02-18", "Tet"],
    ["2026-02-19", "Tet"],
    ["2026-02-20", "Tet"],
    ["2026-04-27", "Hung Kings' Day"],
    ["2026-04-30", "Reunification Day"],
    ["2026-05-01", "Labour Day"],
  ]),
  ...closures("announced", [
    ["2026-08-31", "Swapped for a working Saturday"],
    ["2026-09-01", "National Day"],
    ["2026-09-02", "National Day"],
  ]),
  // A new paid holiday; the exchanges' list of 2026 came before it and no later notice was found.
  ...closures("projected", [["2026-11-24", "Vietnam Culture Day"]]),
  ...closures("statutory", [
    ["2027-01-01", "New Year's Day"],
    ["2027-04-16", "Hung Kings' Day"],
    ["2027-04-30", "Reunification Day"],
    ["2027-05-03", "Labour Day"],
    ["2027-09-02", "National Day"],
  ]),
  // The span of Tet and the neighbour of National Day are decided each autumn.
  ...closures("projected", [
    ["2027-02-04", "Tet"],
    ["2027-02-05", "Tet"],
    ["2027-02-08", "Tet"],
    ["2027-02-09", "Tet"],
    ["2027-02-10", "Tet"],
    ["2027-09-03", "National Day"],
    ["2027-11-24", "Vietnam Culture Day"],
  ]),
];

/** Only HOSE's trading system failed; Hanoi traded on. */
const HOSE_OUTAGE = closures("observed", [
  ["2018-01-23", "Failure of the trading system"],
  ["2018-01-24", "Failure of the trading system"],
]);

const HOSE_HOURS: HoursRow = {
  validFrom: "2018-01-01",
  open: "09:00",
  close: "14:45",
  phases: [
    ["opening_auction", "09:00", "09:15", "regular"],
    ["continuous", "09:15", "11:30", "regular"],
    ["lunch", "11:30", "13:00", "none"],
    ["continuous", "13:00", "14:30", "regular"],
    ["closing_auction", "14:30", "14:45", "regular"],
  ],
};

/** No opening auction; after the close, fifteen minutes at the closing price (order type PLO). */
const HNX_HOURS: HoursRow = {
  validFrom: "2018-01-01",
  open: "09:00",
  close: "14:45",
  phases: [
    ["continuous", "09:00", "11:30", "regular"],
    ["lunch", "11:30", "13:00", "none"],
    ["continuous", "13:00", "14:30", "regular"],
    ["closing_auction", "14:30", "14:45", "regular"],
    ["post_close", "14:45", "15:00", "extended"],
  ],
};

/** No auctions at all. */
const UPCOM_HOURS: HoursRow = {
  validFrom: "2018-01-01",
  open: "09:00",
  close: "15:00",
  phases: [
    ["continuous", "09:00", "11:30", "regular"],
    ["lunch", "11:30", "13:00", "none"],
    ["continuous", "13:00", "15:00", "regular"],
  ],
};

function vietnamese(hours: HoursRow, own: readonly Closure[]): VenueCalendar {
  return {
    zone: "Asia/Ho_Chi_Minh",
    weekends: "closed",
    knownFrom: "2018-01-01",
    knownThrough: "2026-12-31",
    coverage: [
      { through: "2023-12-31", status: "reconstructed" },
      { through: "2026-08-21", status: "observed" },
      { through: "2026-12-31", status: "announced" },
    ],
    hours: [hours],
    closures: [...own, ...SHARED_CLOSURES],
    specialDays: [],
    rowsThrough: "2027-12-31",
    auctions: null,
  };
}

export const HOSE = vietnamese(HOSE_HOURS, HOSE_OUTAGE);
export const HNX = vietnamese(HNX_HOURS, []);
export const UPCOM = vietnamese(UPCOM_HOURS, []);
