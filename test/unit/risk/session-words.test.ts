// What the refusal of a closed market says: in which phase the venue is, and when it takes such an order next.
import { describe, expect, test } from "vitest";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { AAPL, World } from "./world.ts";
import type { Asked } from "./world.ts";

type Venue = Instrument["venue"];

/** Hours of Tuesday 2026-06-09: New York is 4 hours behind UTC, Seoul 9 ahead, Vietnam 7. */
const at = (time: string): number => Date.parse(`2026-06-09T${time}:00Z`);

function askedAt(venue: Venue, now: number, more: Asked): ReturnType<World["verdict"]> {
  const world = World.bare();
  world.instrument(AAPL, { venue });
  world.now = now;
  return world.verdict("session_open", { quantity: "1", limitPrice: "100", ...more });
}

interface Phase {
  readonly venue: Venue;
  readonly time: string;
  readonly ask?: Asked;
  readonly phase: string;
  readonly words: string;
  readonly opens: string;
}

const PHASES: readonly Phase[] = [
  {
    venue: "XNYS",
    time: "12:00",
    phase: "pre",
    words: "in its pre-market, which takes only orders for extended hours,",
    opens: "2026-06-09 13:30",
  },
  {
    venue: "XNYS",
    time: "21:00",
    phase: "post",
    words: "in its after-market, which takes only orders for extended hours,",
    opens: "2026-06-10 13:30",
  },
  {
    venue: "XNYS",
    time: "02:00",
    phase: "closed",
    words: "closed",
    opens: "2026-06-09 13:30",
  },
  {
    venue: "HOSE",
    time: "05:00",
    phase: "lunch",
    words: "at its lunch break",
    opens: "2026-06-09 06:00",
  },
  {
    venue: "HNX",
    time: "07:50",
    phase: "post_close",
    words: "past its close",
    opens: "2026-06-10 02:00",
  },
];

describe.each(PHASES)("$venue at $time UTC", ({ venue, time, ask = {}, phase, words, opens }) => {
  test(`is ${words} and says when it takes the order`, () => {
    expect(askedAt(venue, at(time), ask)).toMatchObject({
      result: "refuse",
      message: `${venue} is ${words} and it opens at ${opens} UTC`,
      numbers: { phase, next_open: `${opens} UTC` },
    });
  });
});

test("what never closes has no opening auction to wait for, and says so", () => {
  expect(askedAt("SIM", at("15:00"), { timeInForce: "opg" })).toMatchObject({
    result: "refuse",
    message: "SIM has no auction for an order of the kind opg",
    numbers: { phase: "always_open", next_open: null },
  });
});

/** Seoul's own clock is 9 hours ahead. */
const OPENING_AUCTION = Date.parse("2026-06-08T23:45:00Z");
const CLOSING_AUCTION = at("06:25");

test.each([
  ["opening", OPENING_AUCTION],
  ["closing", CLOSING_AUCTION],
] as const)("the %s auction of Seoul takes orders", (_name, now) => {
  expect(askedAt("XKRX", now, {}).result).toBe("pass");
});

test.each([
  ["opg", "02:00", null],
  ["opg", "13:27", null],
  ["opg", "13:28", "pre"],
  ["opg", "22:59", "post"],
  ["opg", "23:00", null],
  ["cls", "19:49", null],
  ["cls", "19:50", "continuous"],
  ["cls", "02:00", null],
] as const)("%s at %s UTC in New York: %j", (timeInForce, time, phase) => {
  const asked = askedAt("XNYS", at(time), { timeInForce });
  if (phase === null) expect(asked.result).toBe("pass");
  else {
    expect(asked).toMatchObject({
      result: "refuse",
      message: `XNYS takes orders of the kind ${timeInForce} again from 2026-06-09 23:00 UTC`,
      numbers: { next_open: "2026-06-09 23:00 UTC" },
    });
  }
});

test("Seoul takes an order for the opening auction in it", () => {
  expect(askedAt("XKRX", OPENING_AUCTION, { timeInForce: "opg" }).result).toBe("pass");
});

test("hours that nobody knows are the matter of another rule, and this one says so", () => {
  const unknown = Date.parse("2032-06-09T15:00:00Z");
  expect(askedAt("XNYS", unknown, {})).toMatchObject({
    result: "pass",
    message: "the hours of XNYS are not known now",
  });
});
