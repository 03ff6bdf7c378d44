// Conversion rates by day: which one holds now, and when there is none.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { NO_RATES, RateTable, type RateRow } from "../../../src/domain/rate-table.ts";

const at = (instant: string): number => Date.parse(instant);
const row = (from: string, to: string, date: string, rate: string): RateRow => ({
  from,
  to,
  day: at(`${date}T00:00Z`) / 86_400_000,
  rate: Decimal.of(rate),
});

// 2026-11-27 is a Friday.
const friday = row("KRW", "USD", "2026-11-27", "0.0007");

describe("a rate of a day", () => {
  const table = new RateTable([friday]);
  const asked = (instant: string) => table.rate("KRW", "USD", at(instant))?.toString() ?? null;

  it("holds on its day and the three after it, so that Friday's covers a long weekend", () => {
    expect(asked("2026-11-27T12:00Z")).toBe("0.0007");
    expect(asked("2026-11-30T23:59:59.999Z")).toBe("0.0007");
  });

  it("is none from the fourth day on", () => {
    expect(asked("2026-12-01T00:00Z")).toBeNull();
  });

  it("holds as soon as its date has begun anywhere, and not before", () => {
    expect(asked("2026-11-26T10:00Z")).toBe("0.0007");
    expect(asked("2026-11-26T09:59:59.999Z")).toBeNull();
  });

  it("says nothing of another pair", () => {
    expect(table.rate("VND", "USD", at("2026-11-27T12:00Z"))).toBeNull();
    expect(table.rate("KRW", "EUR", at("2026-11-27T12:00Z"))).toBeNull();
  });
});

describe("of several rates", () => {
  const now = at("2026-11-27T12:00Z");

  it("the newest counts, in whatever order they were written", () => {
    const rows = [row("KRW", "USD", "2026-11-26", "0.0006"), friday];
    expect(new RateTable(rows).rate("KRW", "USD", now)?.toString()).toBe("0.0007");
    expect(new RateTable(rows.toReversed()).rate("KRW", "USD", now)?.toString()).toBe("0.0007");
  });

  it("one of a day to come waits for its day", () => {
    const tomorrow = row("KRW", "USD", "2026-11-29", "0.0009");
    expect(new RateTable([tomorrow, friday]).rate("KRW", "USD", now)?.toString()).toBe("0.0007");
  });
});

describe("the other direction", () => {
  const now = at("2026-11-27T12:00Z");

  it("follows from the one that was written, rounded up so that no bound is missed", () => {
    const table = new RateTable([row("USD", "KRW", "2026-11-27", "1500")]);
    expect(table.rate("KRW", "USD", now)?.toString()).toBe("0.000666666666666666666667");
  });

  it("gives way to a rate of that day that was written for it", () => {
    const inverse = row("USD", "KRW", "2026-11-27", "1500");
    expect(new RateTable([inverse, friday]).rate("KRW", "USD", now)?.toString()).toBe("0.0007");
    expect(new RateTable([friday, inverse]).rate("KRW", "USD", now)?.toString()).toBe("0.0007");
  });

  it("counts before an older rate of the pair itself", () => {
    const table = new RateTable([
      row("KRW", "USD", "2026-11-26", "0.0006"),
      row("USD", "KRW", "2026-11-27", "1000"),
    ]);
    expect(table.rate("KRW", "USD", now)?.toString()).toBe("0.001");
  });
});

it("a currency is worth itself, also where no rate is known", () => {
  expect(NO_RATES.rate("KRW", "KRW", at("2026-11-27T12:00Z"))?.toString()).toBe("1");
  expect(NO_RATES.rate("KRW", "USD", at("2026-11-27T12:00Z"))).toBeNull();
});
