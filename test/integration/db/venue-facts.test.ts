// What operators write with SQL beside the limits: sessions of a venue and conversion rates by day.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { phaseAt } from "../../../src/domain/calendar/calendar.ts";
import type { Sql } from "../../../src/db/client.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
let sql: Sql;

beforeAll(async () => {
  store = await openStore();
  sql = store.postgres.queries;
});
afterAll(() => store.close());
beforeEach(async () => {
  await sql`DELETE FROM calendar_overrides`;
  await sql`DELETE FROM fx_rates`;
});

const configuration = () => store.postgres.configuration;

async function told(change: () => Promise<unknown>): Promise<void> {
  let tell = (): void => undefined;
  const heard = new Promise<void>((resolve) => (tell = resolve));
  const stop = await configuration().onChange(() => tell());
  await change();
  await heard;
  await stop();
}

describe("a row of calendar_overrides", () => {
  it("changes the hours of its day for everybody who listens", async () => {
    const noon = Date.parse("2026-06-15T16:00Z");
    expect(phaseAt("XNYS", noon, await configuration().calendarOverrides()).phase).toBe(
      "continuous",
    );
    await told(
      () => sql`
        INSERT INTO calendar_overrides (kind, venue, date, reason)
        VALUES ('close', 'XNYS', '2026-06-15', 'a day of mourning')`,
    );
    expect(phaseAt("XNYS", noon, await configuration().calendarOverrides()).phase).toBe("closed");
  });

  it("counts before an earlier one of its day", async () => {
    await sql`
      INSERT INTO calendar_overrides (kind, venue, date, open, close, reason) VALUES
        ('close', 'XKRX', '2027-03-02', NULL, NULL, 'a rumour'),
        ('hours', 'XKRX', '2027-03-02', '10:00', '15:30', 'announced')`;
    const overrides = await configuration().calendarOverrides();
    expect(overrides.map(({ kind }) => kind)).toEqual(["close", "hours"]);
    const [, later] = overrides;
    expect(later).toEqual({
      kind: "hours",
      venue: "XKRX",
      date: "2027-03-02",
      open: "10:00",
      close: "15:30",
      reason: "announced",
    });
  });

  it.each([
    ["XLON", "09:30", "16:00"],
    ["XNYS", "16:00", "09:30"],
    ["XNYS", "9:30", "16:00"],
    ["XNYS", "09:30", "25:00"],
  ])("that makes no sense is refused by the database: %s from %s to %s", async (...hours) => {
    const [venue, open, close] = hours;
    await expect(
      sql`INSERT INTO calendar_overrides (kind, venue, date, open, close, reason)
        VALUES ('hours', ${venue}, '2026-06-15', ${open}, ${close}, 'a slip')`,
    ).rejects.toMatchObject({ code: "23514" });
  });
});

describe("a row of fx_rates", () => {
  it("converts from its day on, in both directions", async () => {
    const now = Date.now();
    expect((await configuration().rates()).rate("KRW", "USD", now)).toBeNull();
    await told(
      () => sql`
        INSERT INTO fx_rates (from_currency, to_currency, date, rate, source)
        VALUES ('KRW', 'USD', ${new Date(now).toISOString().slice(0, 10)}, 0.0008, 'the bank')`,
    );
    const rates = await configuration().rates();
    expect(rates.rate("KRW", "USD", now)?.toString()).toBe("0.0008");
    expect(rates.rate("USD", "KRW", now)?.toString()).toBe("1250");
    expect(rates.rate("VND", "USD", now)).toBeNull();
  });

  it.each([
    ["krw", "USD", "0.0007"],
    ["KRW", "KRW", "1"],
    ["KRW", "USD", "0"],
    ["KRW", "USD", "-0.0007"],
  ])("that makes no sense is refused by the database: %s to %s at %s", async (...row) => {
    const [from, to, rate] = row;
    await expect(
      sql`INSERT INTO fx_rates (from_currency, to_currency, date, rate, source)
        VALUES (${from}, ${to}, '2026-11-27', ${rate}::numeric, 'a slip')`,
    ).rejects.toMatchObject({ code: "23514" });
  });
});
