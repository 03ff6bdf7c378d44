// Laws of the calendars that hold for every venue, day and instant.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dayOf,
  nextClose,
  nextOpen,
  nextTradable,
  phaseAt,
  sessionsBetween,
  tradingDayAt,
} from "../../src/domain/calendar/calendar.ts";
import type { CalendarOverride, CalendarOverrides } from "../../src/domain/calendar/calendar.ts";
import { XNYS } from "../../src/domain/calendar/data/xnys.ts";
import { dayNumber, isoDate } from "../../src/domain/calendar/date.ts";
import type { IsoDate } from "../../src/domain/calendar/date.ts";
import { overrideProblem } from "../../src/domain/calendar/override.ts";
import { VENUE_NAMES, venueIndex } from "../../src/domain/calendar/venues.ts";
import { easterSunday, xnysHalfDays, xnysHolidays } from "../../src/domain/calendar/xnys-rules.ts";
import { dayAt, instantOf } from "../../src/domain/calendar/zone.ts";

const venues = fc.constantFrom(...VENUE_NAMES);
const instants = fc.integer({ min: Date.UTC(2018, 0, 1), max: Date.UTC(2029, 0, 1) });
const days = fc.integer({ min: dayNumber("2018-01-01"), max: dayNumber("2028-12-31") });
const clock = fc.integer({ min: 0, max: 96 }).map((quarter) => {
  const hour = String(Math.floor(quarter / 4)).padStart(2, "0");
  return `${hour}:${String((quarter % 4) * 15).padStart(2, "0")}` as `${number}:${number}`;
});
const override = fc
  .record({ venue: venues, day: days, open: clock, close: clock, closes: fc.boolean() })
  .map(({ venue, day, open, close, closes }): Exclude<CalendarOverride, { kind: "confirm" }> => {
    const row = { venue, date: isoDate(day), reason: "drill" };
    return closes ? { ...row, kind: "close" } : { ...row, kind: "hours", open, close };
  })
  .filter((row) => overrideProblem(row) === null);

/** Where a day's spans leave a gap, overlap, are empty, or miss its midnights. */
function seams(
  venue: (typeof VENUE_NAMES)[number],
  date: IsoDate,
  overrides: CalendarOverrides,
): string[] {
  const { zone } = venueIndex(venue).calendar;
  const day = dayNumber(date);
  const faults: string[] = [];
  let end = instantOf(zone, day, 0);
  for (const { from, to, phase } of dayOf(venue, date, overrides).spans) {
    if (from !== end || to <= from) faults.push(`${phase} ${from} to ${to} after ${end}`);
    end = to;
  }
  if (end !== instantOf(zone, day + 1, 0)) faults.push(`ends at ${end}`);
  return faults;
}

describe("phases", () => {
  it("cover every day of every venue without gap or overlap", () => {
    fc.assert(
      fc.property(venues, days, (venue, day) => {
        expect(seams(venue, isoDate(day), [])).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("cover a day with changed hours as well", () => {
    fc.assert(
      fc.property(override, (row) => {
        expect(seams(row.venue, row.date, [row])).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("the answer at an instant is the span of the day that holds it", () => {
    fc.assert(
      fc.property(venues, instants, (venue, instant) => {
        const answer = phaseAt(venue, instant);
        const date = isoDate(dayAt(venueIndex(venue).calendar.zone, instant));
        const span = dayOf(venue, date).spans.find(({ to }) => instant < to);
        expect(answer.phase).toBe(span?.phase);
        expect(answer.session).toBe(answer.phase === "closed" ? null : date);
      }),
      { numRuns: 2_000 },
    );
  });

  it("end in another phase, and not before", () => {
    fc.assert(
      fc.property(venues, instants, (venue, instant) => {
        const answer = phaseAt(venue, instant);
        if (answer.until === null) return;
        expect(answer.until).toBeGreaterThan(instant);
        const view = (at: number): unknown => {
          const { phase, tradable } = phaseAt(venue, at);
          return [phase, tradable];
        };
        expect(view(answer.until - 1)).toEqual(view(instant));
        expect(view(answer.until)).not.toEqual(view(instant));
      }),
      { numRuns: 2_000 },
    );
  });

  it("do not depend on what was asked before", () => {
    fc.assert(
      fc.property(venues, fc.array(instants, { minLength: 1, maxLength: 20 }), (venue, asked) => {
        const answers = asked.map((instant) => phaseAt(venue, instant));
        // A table of its own has answered nothing yet.
        const fresh = asked.toReversed().map((instant) => phaseAt(venue, instant, []));
        expect(fresh.toReversed()).toEqual(answers);
      }),
    );
  });
});

describe("what comes next", () => {
  it("the next open and the next close lie ahead, and are opens and closes of sessions", () => {
    fc.assert(
      fc.property(venues, instants, (venue, instant) => {
        const { zone, weekends } = venueIndex(venue).calendar;
        const open = nextOpen(venue, instant);
        const close = nextClose(venue, instant);
        const opened = open === null ? null : dayOf(venue, isoDate(dayAt(zone, open)));
        const closed = close === null ? null : dayOf(venue, isoDate(dayAt(zone, close - 1)));
        expect(open === null && close === null).toBe(weekends === "open");
        expect(Math.min(open ?? Infinity, close ?? Infinity)).toBeGreaterThan(instant);
        expect([opened?.session?.open ?? null, closed?.session?.close ?? null]).toEqual([
          open,
          close,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("an order held to the next tradable instant is taken there, and nowhere before", () => {
    fc.assert(
      fc.property(
        venues,
        instants,
        fc.constantFrom("regular" as const, "extended" as const),
        (venue, instant, hours) => {
          const then = nextTradable(venue, instant, hours);
          const takes = (at: number): boolean => phaseAt(venue, at).tradable[hours];
          const never = hours === "extended" && (venue === "HOSE" || venue === "UPCOM");
          expect(then === null).toBe(never);
          // Straight away where it is taken now; otherwise at the very start of a phase that takes it.
          const asTold = then === null || then === instant || (!takes(instant) && !takes(then - 1));
          expect([then === null || takes(then), asTold]).toEqual([true, true]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("sessions", () => {
  it("are ascending, apart from each other, and take regular orders from open to close", () => {
    fc.assert(
      fc.property(venues, days, (venue, day) => {
        const sessions = sessionsBetween(venue, isoDate(day), isoDate(day + 20));
        let last = Number.NEGATIVE_INFINITY;
        for (const { open, close, breaks } of sessions) {
          expect(open).toBeGreaterThanOrEqual(last);
          expect(phaseAt(venue, open).tradable.regular).toBe(true);
          expect(phaseAt(venue, close - 1).tradable.regular).toBe(true);
          for (const { from, to } of breaks) {
            expect([open < from, from < to, to < close]).toEqual([true, true, true]);
          }
          last = close;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("the tables", () => {
  it.each(VENUE_NAMES)(
    "of %s hold each date once, on a weekday, and never both open and closed",
    (venue) => {
      const { closures, specialDays } = venueIndex(venue).calendar;
      const dates = [...closures, ...specialDays].map(({ date }) => date);
      expect(new Set(dates).size).toBe(dates.length);
      for (const date of dates) expect([0, 6]).not.toContain(new Date(date).getUTCDay());
    },
  );

  it("of New York follow its rules, mourning apart", () => {
    const published = Array.from({ length: 11 }, (_, index) => 2018 + index);
    const ruled = published.flatMap(xnysHolidays);
    const rows = XNYS.closures
      .filter(({ date, name }) => date <= XNYS.knownThrough && !name.startsWith("Day of mourning"))
      .map(({ date, name }) => ({ date, name }));
    expect(rows).toEqual(ruled);
    const halves = XNYS.specialDays.map(({ date }) => date);
    expect(halves.filter((date) => date <= XNYS.knownThrough)).toEqual(
      published.flatMap(xnysHalfDays),
    );
  });

  it.each([
    ["1961-04-02"],
    ["2008-03-23"],
    ["2011-04-24"],
    ["2018-04-01"],
    ["2024-03-31"],
    ["2025-04-20"],
    ["2038-04-25"],
    ["2049-04-18"],
    ["2076-04-19"],
    ["2285-03-22"],
  ] as const)("Easter Sunday is %s", (date) => {
    expect(isoDate(easterSunday(Number(date.slice(0, 4))))).toBe(date);
  });
});

describe("trading days", () => {
  const zones = fc.constantFrom(
    "America/New_York",
    "Asia/Seoul",
    "Europe/London",
    "America/Santiago",
    "America/Havana",
    "Australia/Lord_Howe",
    "UTC",
  );
  it("hold their instant and follow each other without gap", () => {
    fc.assert(
      fc.property(zones, clock, instants, (zone, roll, instant) => {
        fc.pre(roll !== "24:00");
        const day = tradingDayAt({ zone, roll }, instant);
        expect(day.start).toBeLessThanOrEqual(instant);
        expect(day.end).toBeGreaterThan(instant);
        const next = tradingDayAt({ zone, roll }, day.end);
        expect([next.start, dayNumber(next.date)]).toEqual([day.end, dayNumber(day.date) + 1]);
      }),
      { numRuns: 2_000 },
    );
  });
});
