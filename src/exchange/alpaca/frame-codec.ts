// How messages become frames and back. A client that upgrades with `Content-Type: application/msgpack`
// gets MessagePack; what clients send is read in either form, whatever they get.
import type { IncomingHttpHeaders } from "node:http";
import { decode } from "@msgpack/msgpack";
import { isWhole } from "./msgpack-whole.ts";

export type SocketMessage = Readonly<Record<string, unknown>>;

export function wantsMsgpack(headers: IncomingHttpHeaders): boolean {
  return (headers["content-type"] ?? "").toLowerCase().includes("msgpack");
}

/** Some clients send JSON in binary frames: in MessagePack a brace is a number, never an object. */
const BRACE = "{".charCodeAt(0);

/** The object in a frame; null when there is none. */
export function readFrame(raw: Buffer, isBinary: boolean): SocketMessage | null {
  try {
    const isJson = !isBinary || raw[0] === BRACE;
    if (!isJson && !isWhole(raw)) return null;
    const value: unknown = isJson ? JSON.parse(raw.toString("utf8")) : decode(raw);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return value as SocketMessage; // a non-null, non-array object has string keys
  } catch {
    return null;
  }
}
