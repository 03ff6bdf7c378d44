// The newest price of each instrument, and which ones changed since somebody looked.
import { expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId } from "../../../src/domain/ids.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { Mark } from "../../../src/domain/market.ts";

const mark = (name: string, last: string, at: number): Mark => ({
  instrumentId: asId(`SIM:${name}`),
  bid: null,
  ask: null,
  last: Decimal.of(last),
  at,
});

test("the newer of two marks is kept, in whatever order they come", () => {
  const table = new MarkTable();
  table.put(mark("A", "2", 20));
  table.put(mark("A", "1", 10));
  expect(table.get(asId("SIM:A"))?.last).toEqual(Decimal.of("2"));
  table.put(mark("A", "3", 20));
  expect(table.get(asId("SIM:A"))?.last).toEqual(Decimal.of("3"));
  expect([...table.values()]).toHaveLength(1);
});

test("a mark of the future gives way once the clock was set back, and only then", () => {
  const table = new MarkTable();
  const hour = 3_600_000;
  table.put(mark("A", "2", 2 * hour), 2 * hour);
  table.put(mark("A", "1", 2 * hour - 1), 2 * hour);
  expect(table.get(asId("SIM:A"))?.last).toEqual(Decimal.of("2"));
  table.put(mark("A", "3", hour), hour);
  expect(table.get(asId("SIM:A"))?.last).toEqual(Decimal.of("3"));
});

test("one side of a quote takes no price away, and counts where there is none", () => {
  const table = new MarkTable();
  const side = (at: number): Mark => ({ ...mark("A", "9", at), last: null, ask: Decimal.of("9") });
  table.put(side(10));
  expect(table.get(asId("SIM:A"))?.ask).toEqual(Decimal.of("9"));
  table.put({ ...side(20), bid: Decimal.of("8") });
  const { version } = table;
  table.put(side(30));
  expect(table.get(asId("SIM:A"))).toMatchObject({ bid: Decimal.of("8"), at: 20 });
  expect(table.version).toBe(version);
  table.put(mark("A", "7", 40));
  table.put(side(50));
  expect(table.get(asId("SIM:A"))).toMatchObject({ last: Decimal.of("7"), at: 40 });
});

test("says which instruments changed since a version, each once", () => {
  const table = new MarkTable();
  table.put(mark("A", "1", 1));
  const seen = table.version;
  table.put(mark("B", "1", 1));
  table.put(mark("B", "2", 2));
  expect(table.changedSince(seen)).toEqual(new Set(["SIM:B"]));
  expect(table.changedSince(table.version)).toEqual(new Set());
  // A late mark that was not kept is no change.
  table.put(mark("A", "0", 0));
  expect(table.changedSince(seen)).toEqual(new Set(["SIM:B"]));
});

test("says that it cannot tell when it is asked about too long ago, or about the future", () => {
  const table = new MarkTable();
  for (let count = 0; count <= 65_536; count += 1) table.put(mark(`S${count % 7}`, "1", count));
  expect(table.changedSince(0)).toBeNull();
  expect(table.changedSince(1)?.size).toBe(7);
  expect(table.changedSince(-1)).toBeNull();
  expect(table.changedSince(table.version + 1)).toBeNull();
});

test("what was forgotten is not told again, and nothing was before the beginning", () => {
  const table = new MarkTable();
  expect(table.changedSince(-1)).toBeNull();
  for (let count = 0; count < 65_536; count += 1) table.put(mark("A", "1", count));
  expect(table.changedSince(table.version)).toEqual(new Set());
  expect(table.changedSince(0)).toEqual(new Set(["SIM:A"]));
});
