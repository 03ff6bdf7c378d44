// What of a told price is believed: one table for the hours of a venue, one for what the halves say.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { InstrumentId } from "../../../src/domain/ids.ts";
import {
  believe,
  marketHours,
  type MarketHours,
  type Moment,
} from "../../../src/domain/quotation.ts";

const ID = asId<InstrumentId>("XNYS:AAPL");
const d = (text: string) => Decimal.of(text);
const at = (text: string) => Date.parse(text);
/** A Tuesday in New York, half an hour after the open. */
const NOW = at("2026-06-09T14:00:00Z");
const OPEN = at("2026-06-09T13:30:00Z");
const YESTERDAY = at("2026-06-08T19:59:59Z");
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const SESSION: MarketHours = { kind: "session", openedAt: OPEN };
const moment = (hours: MarketHours, quoteAgeMaxMs: number | null = 30_000): Moment => ({
  ...{ now: NOW, hours, quoteAgeMaxMs },
});
const trade = (when: number) => ({ price: d("100"), at: when });
const quote = (when: number, bid: string | null = "99", ask: string | null = "101") => ({
  ...{ bid: bid === null ? null : d(bid), ask: ask === null ? null : d(ask), at: when },
});

function seen(told: Partial<Parameters<typeof believe>[0]>, when: Moment): string {
  const mark = believe({ instrumentId: ID, trade: null, quote: null, ...told }, when);
  if (mark === null) return "nothing";
  const { bid, ask, last } = mark;
  const oneSided = bid === null ? `ask ${ask}` : `bid ${bid}`;
  const sides = (bid === null) === (ask === null) ? `${bid} ${ask}` : oneSided;
  const parts = [sides, `${last}`].filter((part) => !part.includes("null"));
  return `${parts.join(" / ")} of ${(NOW - mark.at) / SECOND} s`;
}

describe("the hours of a venue", () => {
  it.each([
    ["XNYS", "2026-06-09T14:00:00Z", "session"],
    ["XNYS", "2026-06-09T13:30:00Z", "session"],
    ["XNYS", "2026-06-09T13:29:59Z", "extended"],
    ["XNYS", "2026-06-09T20:00:00Z", "extended"],
    ["XNYS", "2026-06-10T03:00:00Z", "closed"],
    ["XNYS", "2026-06-13T15:00:00Z", "closed"],
    ["XNYS", "2026-11-27T19:00:00Z", "extended"],
    ["HOSE", "2026-06-09T05:00:00Z", "closed"],
    ["HOSE", "2026-06-09T06:30:00Z", "session"],
    ["CRYPTO", "2026-06-13T03:00:00Z", "always_open"],
    ["SIM", "2026-06-13T03:00:00Z", "always_open"],
  ] as const)("of %s at %s: %s", (venue, when, kind) => {
    expect(marketHours(venue, at(when)).kind).toBe(kind);
  });

  it("say since when the session is on, also after its lunch", () => {
    expect(marketHours("XNYS", NOW)).toEqual(SESSION);
    expect(marketHours("HOSE", at("2026-06-09T06:30:00Z"))).toMatchObject({
      openedAt: at("2026-06-09T02:00:00Z"),
    });
  });
});

describe("while the session is on", () => {
  const inSession = moment(SESSION);

  it.each([
    ["a fresh trade and quote", { trade: trade(NOW), quote: quote(NOW) }, "99 101 / 100 of 0 s"],
    ["a trade of this session", { trade: trade(OPEN) }, "100 of 1800 s"],
    ["a trade of yesterday", { trade: trade(YESTERDAY) }, "nothing"],
    ["a trade of before the open", { trade: trade(OPEN - 1) }, "nothing"],
    ["a quote at the limit", { quote: quote(NOW - 30_000) }, "99 101 of 30 s"],
    ["a quote beyond it", { quote: quote(NOW - 30_001) }, "nothing"],
    [
      "a stale quote and a fresh trade",
      { trade: trade(NOW - SECOND), quote: quote(NOW - 31_000) },
      "100 of 1 s",
    ],
    [
      "a fresh quote and a trade of yesterday",
      { trade: trade(YESTERDAY), quote: quote(NOW - SECOND) },
      "99 101 of 1 s",
    ],
    [
      "a crossed quote and a trade that is newer",
      { trade: trade(NOW - SECOND), quote: quote(NOW - 2 * SECOND, "102", "101") },
      "100 of 1 s",
    ],
    [
      "a crossed quote and a trade told with it",
      { trade: trade(NOW), quote: quote(NOW, "102", "101") },
      "nothing",
    ],
    ["a crossed quote alone", { quote: quote(NOW, "102", "101") }, "nothing"],
    ["a quote whose sides meet", { quote: quote(NOW, "101", "101") }, "101 101 of 0 s"],
    ["an empty quote", { quote: quote(NOW, null, null) }, "nothing"],
    ["nothing", {}, "nothing"],
    ["a trade from the future", { trade: trade(NOW + HOUR) }, "nothing"],
    [
      "a quote from the future and a fresh trade",
      { trade: trade(NOW), quote: quote(NOW + HOUR) },
      "100 of 0 s",
    ],
    ["a clock that differs a little", { quote: quote(NOW + 60_000) }, "99 101 of -60 s"],
    [
      "a trade a little older than the quote: the whole is as old as the trade",
      { trade: trade(NOW - 15_000), quote: quote(NOW) },
      "99 101 / 100 of 15 s",
    ],
    [
      "a trade that is much older than the quote",
      { trade: trade(NOW - 15_001), quote: quote(NOW) },
      "99 101 of 0 s",
    ],
    [
      "a quote that is much older than the trade",
      { trade: trade(NOW), quote: quote(NOW - 20_000) },
      "100 of 0 s",
    ],
    [
      "a newer quote with one empty side leaves the trade, with the trade's own age",
      { trade: trade(NOW - 31_000), quote: quote(NOW, null) },
      "100 of 31 s",
    ],
    [
      "so does one whose other side is empty",
      { trade: trade(NOW - 31_000), quote: quote(NOW, "99", null) },
      "100 of 31 s",
    ],
    ["a quote with one side where no trade is told", { quote: quote(NOW, null) }, "ask 101 of 0 s"],
    [
      "a quote with one side where the trade is of yesterday",
      { trade: trade(YESTERDAY), quote: quote(NOW, "99", null) },
      "bid 99 of 0 s",
    ],
  ])("%s", (_what, told, expected) => {
    expect(seen(told, inSession)).toBe(expected);
  });

  it("no limit on the age leaves every quote of the session", () => {
    expect(seen({ quote: quote(OPEN) }, moment(SESSION, null))).toBe("99 101 of 1800 s");
    expect(seen({ quote: quote(OPEN - 1) }, moment(SESSION, null))).toBe("nothing");
  });
});

describe("while the venue is closed", () => {
  const closed = moment({ kind: "closed" });

  it.each([
    ["the close of days ago is what a holding is worth", { trade: trade(NOW - 72 * HOUR) }, "100"],
    [
      "it is so whatever was quoted after it",
      { trade: trade(NOW - 72 * HOUR), quote: quote(NOW - 60 * HOUR, "1", "500") },
      "100",
    ],
    ["a quote stands in for a trade", { quote: quote(NOW - 60 * HOUR) }, "99 101"],
    ["a crossed one does not", { quote: quote(NOW - 60 * HOUR, "500", "1") }, "nothing"],
  ])("%s", (_what, told, expected) => {
    expect(seen(told, closed)).toMatch(new RegExp(`^${expected}( of|$)`));
  });
});

describe("in extended hours", () => {
  const extended = moment({ kind: "extended" });

  it("the close stays what it was, and a fresh quote goes before it", () => {
    expect(seen({ trade: trade(YESTERDAY) }, extended)).toMatch(/^100 of/);
    expect(seen({ trade: trade(YESTERDAY), quote: quote(NOW) }, extended)).toBe("99 101 of 0 s");
    expect(seen({ trade: trade(YESTERDAY), quote: quote(YESTERDAY) }, extended)).toMatch(/^100 of/);
  });
});

describe("where nothing closes", () => {
  const always = moment({ kind: "always_open" });

  it.each([
    ["a quote goes by its age alone", { quote: quote(NOW - 30_000) }, "99 101 of 30 s"],
    ["one that is older marks nothing", { quote: quote(NOW - 30_001) }, "nothing"],
    ["a trade speaks for a day", { trade: trade(NOW - 24 * HOUR) }, "100 of 86400 s"],
    ["and no longer", { trade: trade(NOW - 24 * HOUR - 1) }, "nothing"],
  ])("%s", (_what, told, expected) => {
    expect(seen(told, always)).toBe(expected);
  });
});

describe("for any price", () => {
  const isWhole = ({ bid, ask }: { bid: Decimal | null; ask: Decimal | null }) =>
    bid !== null && ask !== null;
  const instant = fc.integer({ min: NOW - 100 * HOUR, max: NOW + HOUR });
  const price = fc.integer({ min: 1, max: 5 }).map((whole) => Decimal.ofInteger(whole));
  const told = fc.record({
    instrumentId: fc.constant(ID),
    trade: fc.option(fc.record({ price, at: instant })),
    quote: fc.option(fc.record({ bid: fc.option(price), ask: fc.option(price), at: instant })),
  });
  const moments = fc
    .constantFrom<MarketHours>(
      SESSION,
      { kind: "extended" },
      { kind: "closed" },
      { kind: "always_open" },
    )
    .map((hours) => moment(hours));

  it("what is believed says something, never crosses, and is never fresher than its parts", () => {
    fc.assert(
      fc.property(told, moments, (quotation, when) => {
        const mark = believe(quotation, when);
        if (mark === null) return;
        const { bid, ask, last } = mark;
        expect([bid, ask, last].some((part) => part !== null)).toBe(true);
        if (bid !== null && ask !== null) expect(bid.lte(ask)).toBe(true);
        if (last !== null) expect(mark.at).toBeLessThanOrEqual(quotation.trade?.at ?? 0);
        if (bid !== null || ask !== null) {
          expect(mark.at).toBeLessThanOrEqual(quotation.quote?.at ?? 0);
        }
      }),
    );
  });

  it("a trade that is believed by itself values, whatever side of a quote is empty", () => {
    fc.assert(
      fc.property(told, moments, (quotation, when) => {
        const { quote: sides } = quotation;
        fc.pre(sides !== null && !isWhole(sides));
        const alone = believe({ ...quotation, quote: null }, when);
        const mark = believe(quotation, when);
        if (alone !== null) expect(mark?.last).toEqual(alone.last);
      }),
    );
  });
});
