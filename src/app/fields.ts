// Building blocks of request schemas: each takes what JSON gives (numbers as text), says in a sentence
// what would be right, and describes itself for the OpenAPI document.
import { z } from "zod";
import { Decimal } from "../domain/decimal.ts";
import { NumberText, plainNotation } from "./number-text.ts";

/** Digits before and behind the point: wider than any market, narrow enough to store and to sum. */
const MAX_WHOLE_DIGITS = 18;
const MAX_SCALE = 18;
const TOO_LARGE = Decimal.of(`1${"0".repeat(MAX_WHOLE_DIGITS)}`);

const MAX_QUANTITY_SCALE = 9;
const LOWEST_PRICE = Decimal.of("0.00000001");
const HIGHEST_PRICE = Decimal.of("1000000000");
const EXPONENT = /\d[eE]/;

type Sign = "positive" | "not_negative" | "any";

const SIGN_WORDS: Readonly<Record<Sign, string>> = {
  positive: "a number above 0",
  not_negative: "a number from 0 on",
  any: "a number",
};

/** A schema out of a reader that answers a value, or a sentence's end after "must be". */
function reader<Value>(
  read: (given: unknown) => Value | Wrong,
  meta: { readonly type: string | readonly string[]; readonly [key: string]: unknown },
) {
  return z
    .unknown()
    .transform((given, context): Value => {
      const value = read(given);
      if (!(value instanceof Wrong)) return value;
      const text = given === undefined ? "is required" : `must be ${value.wanted}`;
      context.issues.push({ code: "custom", message: text, input: given });
      return z.NEVER;
    })
    .meta(meta);
}

class Wrong {
  readonly wanted: string;
  constructor(wanted: string) {
    this.wanted = wanted;
  }
}

/** An amount of money: a JSON number or a string, exact either way. */
export function exact(sign: Sign = "positive") {
  return number(sign, `${SIGN_WORDS[sign]}, such as 10 or "0.1"`, () => true);
}

/** Shares, coins or contracts: nobody counts finer than billionths. */
export function exactQuantity(sign: Sign = "positive") {
  const wanted = `${SIGN_WORDS[sign]} with at most ${MAX_QUANTITY_SCALE} decimals, such as 10 or "0.1"`;
  return number(sign, wanted, (value) => value.scale() <= MAX_QUANTITY_SCALE);
}

export function exactPrice(sign: "positive" | "not_negative" = "positive") {
  const wanted = `a price from ${LOWEST_PRICE.toString()} to ${HIGHEST_PRICE.toString()}, such as 10 or "0.1"`;
  const isPrice = (value: Decimal) =>
    value.lte(HIGHEST_PRICE) && (value.gte(LOWEST_PRICE) || value.isZero());
  return number(sign, sign === "positive" ? wanted : `0, or ${wanted}`, isPrice);
}

function number(sign: Sign, words: string, fits: (value: Decimal) => boolean) {
  const wanted = new Wrong(words);
  const plainly = new Wrong(`${words}, without an exponent`);
  return reader(
    (given) => {
      const text = given instanceof NumberText ? given.text : given;
      if (typeof text !== "string") return wanted;
      if (EXPONENT.test(text)) return plainly;
      const value = readExact(text, sign);
      return value !== null && fits(value) ? value : wanted;
    },
    {
      type: ["string", "number"],
      pattern: "^-?\\d+(\\.\\d+)?$",
      description: `Exact: ${words}, as a JSON number or a string, without an exponent.`,
    },
  );
}

function readExact(text: string, sign: Sign): Decimal | null {
  const plain = plainNotation(text.trim());
  const value = plain === null ? null : Decimal.tryParse(plain);
  if (value === null || value.scale() > MAX_SCALE || value.abs().gte(TOO_LARGE)) return null;
  if (sign === "positive") return value.isPositive() ? value : null;
  return sign === "not_negative" && value.isNegative() ? null : value;
}

/** One of a closed set of words, in whatever case. */
export function word<const Word extends string>(words: readonly Word[]) {
  const wanted = new Wrong(`one of ${words.join(", ")}`);
  return reader(
    (given) => {
      if (typeof given !== "string") return wanted;
      const lower = given.trim().toLowerCase();
      return words.find((each) => each === lower) ?? wanted;
    },
    { type: "string", enum: [...words], description: "Case does not matter." },
  );
}

/** Control characters and lone surrogates break log lines, tables and PostgreSQL's text. */
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

export function holdsControl(text: string): boolean {
  return CONTROL.test(text);
}

/** Text for people, trimmed. */
export function sentence(maxLength: number) {
  const wanted = new Wrong(`text of 1 to ${maxLength} characters without control characters`);
  return reader(
    (given) => {
      if (typeof given !== "string") return wanted;
      const text = given.trim();
      return text === "" || text.length > maxLength || holdsControl(text) ? wanted : text;
    },
    { type: "string", minLength: 1, maxLength },
  );
}

/** A name that is compared exactly: of an account, a strategy, a key of the sender's. */
export function name(maxLength = 64) {
  const wanted = new Wrong(
    `1 to ${maxLength} letters, digits, dots, colons, dashes or underscores`,
  );
  const pattern = new RegExp(`^[A-Za-z0-9_.:@/-]{1,${maxLength}}$`);
  return reader((given) => (typeof given === "string" && pattern.test(given) ? given : wanted), {
    type: "string",
    pattern: pattern.source,
  });
}

const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9./:_-]{0,31}$/;

/** As people write it (`AAPL`, `btc-usd`, `BTCUSDT`, `XNYS:AAPL`); the directory finds the instrument. */
export const symbol = reader(
  (given) =>
    typeof given === "string" && SYMBOL.test(given.trim())
      ? given.trim()
      : new Wrong("a symbol such as AAPL or BTC/USD"),
  { type: "string", pattern: SYMBOL.source, examples: ["AAPL", "BTC/USD"] },
);

export const flag = reader(
  (given) => (typeof given === "boolean" ? given : new Wrong("true or false")),
  { type: "boolean" },
);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Ids that begin with their time know nothing before, and PostgreSQL's text nothing behind. */
const [FIRST_INSTANT, LAST_INSTANT] = [0, Date.parse("9999-12-31T23:59:59.999Z")];

/** An instant with its offset: without one, nobody knows which moment it is. */
export const instant = reader(
  (given) => {
    const at = typeof given === "string" && INSTANT.test(given) ? Date.parse(given) : Number.NaN;
    if (Number.isNaN(at)) return new Wrong("an instant such as 2026-07-03T15:00:00Z");
    const isKnown = at >= FIRST_INSTANT && at <= LAST_INSTANT;
    return isKnown ? at : new Wrong("an instant of the years 1970 to 9999 (UTC)");
  },
  { type: "string", format: "date-time" },
);

export function wholeNumber(from: number, to: number) {
  const wanted = new Wrong(`a whole number from ${from} to ${to}`);
  return reader(
    (given) => {
      const text = given instanceof NumberText ? given.text : given;
      if (typeof text !== "string" || !/^-?\d{1,15}$/.test(text)) return wanted;
      const value = Number(text);
      return value >= from && value <= to ? value : wanted;
    },
    { type: "integer", minimum: from, maximum: to },
  );
}
