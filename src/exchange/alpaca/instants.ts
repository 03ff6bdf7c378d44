// Instants as clients send them in queries: RFC 3339 with any fraction and offset, or a plain date.
import type { Micros } from "../core/order.ts";
import { newYorkInstant } from "../new-york.ts";
import { invalid } from "./wire.ts";

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:?\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/**
 * What clients write for "from the beginning" and "to the end" (the zero dates of Go and .NET, the last
 * day of a calendar): no market has hours there, and the edges of a clock's range break arithmetic.
 */
const FIRST = Date.parse("1900-01-01T05:00:00Z");
const LAST = Date.parse("2200-01-01T05:00:00Z");

export function parseInstant(text: string): Micros | null {
  const parsed = readInstant(text);
  return parsed === null ? null : Math.min(Math.max(parsed, FIRST * 1000), LAST * 1000);
}

function readInstant(text: string): Micros | null {
  // An unescaped plus sign in a query arrives as a space.
  const parts = INSTANT.exec(text.replace(/ (\d{2}:?\d{2})$/, "+$1"));
  if (parts !== null) {
    const [, date = "", time = "", fraction = "", zone = "Z"] = parts;
    const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
    const milliseconds = Date.parse(`${date}T${time}${offset}`);
    if (Number.isNaN(milliseconds) || !isDate(date)) return null;
    return milliseconds * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
  }
  if (!DATE.test(text) || !isDate(text)) return null;
  const midnight = Date.parse(`${text}T05:00:00Z`);
  return (midnight < FIRST || midnight > LAST ? midnight : newYorkInstant(text, 0)) * 1000;
}

/** The 30th of February is read as the 2nd of March by whoever only reads it. */
function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export function instantMicros(text: string | null, name: string): Micros | null {
  if (text === null || text === "") return null;
  const parsed = parseInstant(text);
  if (parsed === null) throw invalid(`failed to parse ${name}`);
  return parsed;
}
