import { expect, test } from "vitest";
import { table } from "../../../src/cli/sql/table.ts";

test("a table is as wide as its widest cells, without spaces at the ends", () => {
  expect(
    table(
      ["key", "value"],
      [
        ["max_positions", "50"],
        ["x", ""],
      ],
    ),
  ).toMatchInlineSnapshot(`
    "key            value
    ─────────────  ─────
    max_positions  50
    x
    "
  `);
});
