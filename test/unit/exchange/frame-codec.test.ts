// What clients send over a socket is read, whatever it is, at a cost that its own length bounds.
import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFrame } from "../../../src/exchange/alpaca/frame-codec.ts";
import { isWhole } from "../../../src/exchange/alpaca/msgpack-whole.ts";

const packed = (value: unknown): Buffer => Buffer.from(encode(value));

describe("a frame", () => {
  it("is read as text, as JSON in bytes and as MessagePack", () => {
    const message = { action: "auth", key: "k", secret: "s" };
    expect(readFrame(Buffer.from(JSON.stringify(message)), false)).toEqual(message);
    expect(readFrame(Buffer.from(JSON.stringify(message)), true)).toEqual(message);
    expect(readFrame(packed(message), true)).toEqual(message);
  });

  it.each([
    ["long lists within each other", Buffer.from("dd01ffffff".repeat(1_000), "hex")],
    ["long maps within each other", Buffer.from("df01ffffff".repeat(1_000), "hex")],
    ["a list that is cut off", Buffer.from("dc", "hex")],
    ["a text longer than the frame", Buffer.from("dbffffffff41", "hex")],
    ["a byte that means nothing", Buffer.from("c1", "hex")],
    ["nothing", Buffer.alloc(0)],
  ])("of %s is none", (_, raw) => {
    expect(isWhole(raw)).toBe(false);
    expect(readFrame(raw, true)).toBeNull();
  });

  it("of any value is whole, and no part of it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const raw = packed(value);
        expect(isWhole(raw)).toBe(true);
        expect(isWhole(raw.subarray(0, -1))).toBe(false);
      }),
    );
  });

  it("of any bytes is read or is none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof readFrame(Buffer.from(bytes), true)).toBe("object");
      }),
    );
  });
});
