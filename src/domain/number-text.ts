// A JSON number as its sender wrote it: kept as text, so that no digit passes through a binary float on
// its way to a Decimal.

/** What the JSON parser makes of a number literal. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** More zeros than any price or quantity has; larger exponents are refused before they cost anything. */
const MAX_EXPONENT = 30;
const LITERAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Plain notation of a JSON number (`1e-7` is what JavaScript writes for 0.0000001), or null. Leading
 * zeros and a zero's sign go; digits never do.
 */
export function plainNotation(text: string): string | null {
  if (text.length > 60) return null;
  const match = LITERAL.exec(text);
  if (match === null) return null;
  const [, sign = "", whole = "", fraction = "", power] = match;
  const exponent = Number(power ?? "0");
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded =
    point <= 0
      ? "0".repeat(1 - point) + digits
      : digits.padEnd(Math.max(point, digits.length), "0");
  const cut = Math.max(point, 1);
  const integer = padded.slice(0, cut).replace(/^0+(?=\d)/, "");
  const rest = padded.slice(cut).replace(/0+$/, "");
  const plain = rest === "" ? integer : `${integer}.${rest}`;
  return plain === "0" ? plain : sign + plain;
}
