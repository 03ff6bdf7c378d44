// Exact decimals as people read them. The text of the API is cut and rounded as text: no figure of money
// passes through a binary float. `approximate` is for pixels only.

const FORM = /^(-?)(\d+)(?:\.(\d+))?$/;
export const MINUS = "−";
export const NOTHING = "–";

export interface Shape {
  /** Digits after the point: rounded, and filled up with zeros. */
  readonly digits?: number;
  /** At most so many digits after the point, without filling up. */
  readonly most?: number;
  /** A plus before what is positive. */
  readonly signed?: boolean;
}

export function exact(text: string | null | undefined, shape: Shape = {}): string {
  const parts = FORM.exec(text ?? "");
  if (parts === null) return NOTHING;
  const [, sign = "", whole = "", fraction = ""] = parts;
  const digits = shape.digits ?? Math.min(fraction.length, shape.most ?? fraction.length);
  const rounded = round(whole, fraction, digits);
  const cut = shape.digits === undefined ? withoutZeros(rounded.fraction) : rounded.fraction;
  const isZero = /^0*$/.test(rounded.whole + cut);
  const mark = isZero ? "" : sign === "-" ? MINUS : shape.signed === true ? "+" : "";
  return `${mark}${grouped(rounded.whole)}${cut === "" ? "" : `.${cut}`}`;
}

/** Money with the usual two digits; small prices keep four. */
export function money(text: string | null | undefined, shape: Shape = {}): string {
  return exact(text, { digits: 2, ...shape });
}

export function price(text: string | null | undefined): string {
  if (text == null) return NOTHING;
  return /^-?0(\.|$)/.test(text) ? exact(text, { digits: 4 }) : exact(text, { digits: 2 });
}

export function percent(text: string | null | undefined, shape: Shape = {}): string {
  return text == null ? NOTHING : `${exact(text, { digits: 2, ...shape })} %`;
}

/** For the width of a bar or the height of a line, never for a figure. */
export function approximate(text: string | null | undefined): number {
  return text == null ? Number.NaN : Number(text);
}

/** Half away from zero, on the digits themselves. */
function round(whole: string, fraction: string, digits: number) {
  const kept = fraction.slice(0, digits).padEnd(digits, "0");
  const carries = (fraction[digits] ?? "0") >= "5";
  if (!carries) return { whole, fraction: kept };
  const raised = (BigInt(whole + kept) + 1n).toString().padStart(whole.length + digits, "0");
  const cut = raised.length - digits;
  return { whole: raised.slice(0, cut), fraction: raised.slice(cut) };
}

function withoutZeros(fraction: string): string {
  return fraction.replace(/0+$/, "");
}

function grouped(whole: string): string {
  return whole.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
}
