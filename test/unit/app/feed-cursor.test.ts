// The place of a reader, as text and back.
import { describe, expect, it } from "vitest";
import { cursorText, isAhead, parseCursor } from "../../../src/app/feed-cursor.ts";

describe("a cursor", () => {
  it("comes back as it went", () => {
    const cursor = new Map([
      [3, 7],
      [0, 12],
    ]);
    expect(cursorText(cursor)).toBe("0.12,3.7");
    expect(parseCursor("0.12,3.7")).toEqual(cursor);
    expect(parseCursor("")).toEqual(new Map());
  });

  it.each([
    "x",
    "1",
    "1.",
    "1.2,",
    "1.2,1.3",
    "-1.2",
    "1.2 ",
    "1.2;3.4",
    `${"1.1,".repeat(9_000)}2.1`,
  ])("is not made of %s", (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  it("is ahead when it names what is not there", () => {
    const head = new Map([[0, 5]]);
    expect(isAhead(new Map([[0, 5]]), head)).toBe(false);
    expect(isAhead(new Map([[0, 6]]), head)).toBe(true);
    expect(isAhead(new Map([[1, 1]]), head)).toBe(true);
  });
});
