// What the record cannot hold is replaced where it enters, and nothing else is touched.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storableText } from "../../../src/brokers/alpaca/storable-text.ts";

const parsed = (json: string): unknown => JSON.parse(storableText(json));

describe("text of a broker", () => {
  it.each([
    [String.raw`"bad\u0000news"`, "bad\uFFFDnews"],
    [String.raw`"half \ud83d of a pair"`, "half \uFFFD of a pair"],
    [String.raw`"the other half \uDE00"`, "the other half \uFFFD"],
    [String.raw`"two firsts \ud83d\ud83d\ude00"`, "two firsts \uFFFD\u{1F600}"],
    [String.raw`"in the wrong order \ude00\ud83d"`, "in the wrong order \uFFFD\uFFFD"],
    ['"raw \0 byte"', "raw \uFFFD byte"],
  ])("that the record cannot hold stays readable: %s", (json, expected) => {
    expect(parsed(json)).toBe(expected);
  });

  it.each([
    [String.raw`"a whole \ud83d\ude00 pair"`, "a whole \u{1F600} pair"],
    [String.raw`"a backslash \\u0000 and digits"`, String.raw`a backslash \u0000 and digits`],
    [String.raw`"two \\\\ud800 of them"`, String.raw`two \\ud800 of them`],
    [String.raw`"other controls \u0001\u001e"`, "other controls \u0001\u001e"],
  ])("that the record can hold is left alone: %s", (json, expected) => {
    expect(storableText(json)).toBe(json);
    expect(parsed(json)).toBe(expected);
  });

  it("is cleaned in names as well as in values", () => {
    expect(parsed(String.raw`{"a\u0000b":["\udc00"]}`)).toEqual({ "a\uFFFDb": ["\uFFFD"] });
  });

  it("has neither zero bytes nor half pairs afterwards, and is otherwise what it was", () => {
    const unit = fc.oneof(
      fc.constantFrom("\0", "\ud83d", "\ude00", "\\", "u0000", "ud800", '"', "x"),
      fc.constantFrom("é", "\u{1F600}", "\u0001", "\uFFFD", "\uDBFF", "\uDC00"),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        const text = units.join("");
        const wanted = text.replace(/[\p{Cs}\0]/gu, "\uFFFD");
        expect(parsed(JSON.stringify(text))).toBe(wanted);
      }),
    );
  });
});
