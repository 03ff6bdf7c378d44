// Numbered pages end where counting does, and the cursor goes on from there.
import { expect, it } from "vitest";
import { decodeCursor } from "../../../src/api/http/cursor.ts";
import { pageOf } from "../../../src/api/http/pages.ts";

const ALL = 12_000;

/** A listing of the numbers from 0 on. */
async function pageOfNumbers(page: number, size: number): Promise<Record<string, unknown>> {
  const response = await pageOf(
    { limit: 50, page, size },
    {
      rows: ({ offset, limit }) =>
        Promise.resolve(
          Array.from({ length: Math.min(limit, ALL - offset) }, (_, row) => offset + row),
        ),
      accepts: () => true,
      positionOf: String,
      count: (cap) => Promise.resolve(Math.min(ALL, cap)),
      view: (rows) => rows,
    },
  );
  return (await response.json()) as Record<string, unknown>;
}

it.each([
  [20, 500, "9999"],
  [34, 300, "10199"],
])("page %i of %i rows is the last, with a cursor for the rest", async (page, size, end) => {
  const { next_cursor: next, total_is_exact: isExact } = await pageOfNumbers(page, size);
  expect([decodeCursor(String(next)), isExact]).toEqual([end, false]);
  await expect(pageOfNumbers(page + 1, size)).rejects.toThrow("use next_cursor as cursor");
});
