// Amounts as clients send them: text or JSON numbers, with or without an exponent.
import { Decimal } from "../../domain/decimal.ts";

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const MAX_LENGTH = 60;
const MAX_EXPONENT = 30;

/** Null when the value is not a finite number. */
export function parseAmount(value: unknown): Decimal | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).trim();
  if (text.length === 0 || text.length > MAX_LENGTH) return null;
  const parts = NUMBER.exec(text);
  if (parts === null) return null;
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = parts;
  const exponent = Number(exponentText);
  if (whole.length + fraction.length === 0 || Math.abs(exponent) > MAX_EXPONENT) return null;
  return Decimal.tryParse(`${sign === "-" ? "-" : ""}${shift(whole, fraction, exponent)}`);
}

/** Writes the digits out with the point moved by the exponent, in plain notation. */
function shift(whole: string, fraction: string, exponent: number): string {
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const split = point <= 0 ? 1 : point;
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, "");
  const rest = padded.slice(split);
  return rest.length === 0 ? integer : `${integer}.${rest}`;
}
