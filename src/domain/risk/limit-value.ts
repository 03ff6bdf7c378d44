// Reads the text of one limit and says in a sentence what is wrong with it: for the database's rows,
// the API and the command line alike, so that no door accepts what another refuses.
import { Decimal } from "../decimal.ts";
import { LIMIT_DEFINITIONS } from "../limits.ts";
import type { LimitDefinition, LimitKey, LimitKind } from "../limits.ts";

/** A limit as the rules read it; null is off. */
export type LimitValue = Decimal | number | boolean | string | ReadonlySet<string> | null;

const LARGEST_AMOUNT = Decimal.of("1000000000000000");
const LARGEST_PERCENT = Decimal.HUNDRED;
const MAX_DECIMALS = 18;
const MAX_SYMBOLS = 1_000;
const SYMBOL = /^[A-Z0-9][A-Z0-9./:-]{0,31}$/;

/** More orders than any account has. */
const LARGEST_COUNT = 1_000_000_000;
const A_YEAR_OF_SECONDS = 31_536_000;
const A_DAY_OF_MILLISECONDS = 86_400_000;

type Read =
  | { readonly ok: true; readonly value: LimitValue }
  | { readonly ok: false; readonly problem: string };

const good = (value: LimitValue): Read => ({ ok: true, value });
const bad = (problem: string): Read => ({ ok: false, problem });

export function isLimitKey(text: string): text is LimitKey {
  return Object.hasOwn(LIMIT_DEFINITIONS, text);
}

/** What is wrong with `text` as the value of `key`, or null when nothing is. */
export function validateLimit(key: string, text: string | null): string | null {
  if (!isLimitKey(key)) {
    return `there is no limit called ${key}; the names are ${Object.keys(LIMIT_DEFINITIONS).join(", ")}`;
  }
  const read = readLimit(key, text);
  return read.ok ? null : read.problem;
}

export function readLimit(key: LimitKey, text: string | null): Read {
  const definition: LimitDefinition = LIMIT_DEFINITIONS[key];
  if (text === null) return readAbsence(key, definition);
  const read = READERS[definition.kind](text.trim(), definition);
  return read.ok ? read : bad(`${key} ${read.problem}; it was ${quoted(text)}`);
}

/** Off is a number that does not bind; a switch or a choice is off by its own words. */
function readAbsence(key: LimitKey, { kind, choices, required }: LimitDefinition): Read {
  if (required === true) return bad(`${key} may be tuned but never switched off`);
  if (kind === "switch") return bad(`${key} must be true or false, never empty`);
  if (kind === "choice") return bad(`${key} must be one of ${(choices ?? []).join(", ")}`);
  return good(null);
}

const READERS: Readonly<Record<LimitKind, (text: string, definition: LimitDefinition) => Read>> = {
  money: (text) => readDecimal(text, LARGEST_AMOUNT, "an amount such as 10000 or 2500.50"),
  quantity: (text) => readDecimal(text, LARGEST_AMOUNT, "a quantity such as 100 or 0.5"),
  percent: (text) => readDecimal(text, LARGEST_PERCENT, "a percentage such as 5 or 2.5"),
  count: (text, { most = LARGEST_COUNT }) => readWhole(text, most),
  seconds: (text, { most = A_YEAR_OF_SECONDS }) => readWhole(text, most),
  milliseconds: (text, { most = A_DAY_OF_MILLISECONDS }) => readWhole(text, most),
  switch: readSwitch,
  choice: readChoice,
  symbols: readSymbols,
};

function readDecimal(text: string, largest: Decimal, example: string): Read {
  const value = Decimal.tryParse(text);
  if (value === null) return bad(`must be ${example}`);
  if (value.isNegative()) return bad("must not be negative");
  if (value.gt(largest)) return bad(`must not be above ${largest.toString()}`);
  if (value.scale() > MAX_DECIMALS) return bad(`must have at most ${MAX_DECIMALS} decimals`);
  return good(value);
}

function readWhole(text: string, most: number): Read {
  if (!/^(0|[1-9]\d{0,17})$/.test(text)) return bad("must be a whole number");
  const value = Number(text);
  return value > most ? bad(`must not be above ${most}`) : good(value);
}

function readSwitch(text: string): Read {
  const word = text.toLowerCase();
  if (word === "true" || word === "false") return good(word === "true");
  return bad("must be true or false");
}

function readChoice(text: string, { choices }: LimitDefinition): Read {
  const word = text.toLowerCase();
  if (choices?.includes(word) === true) return good(word);
  return bad(`must be one of ${(choices ?? []).join(", ")}`);
}

function readSymbols(text: string): Read {
  const symbols = text.split(",").map((symbol) => symbol.trim().toUpperCase());
  if (symbols.length > MAX_SYMBOLS) return bad(`must name at most ${MAX_SYMBOLS} symbols`);
  const odd = symbols.find((symbol) => !SYMBOL.test(symbol));
  if (odd !== undefined) {
    return bad(`must be symbols with commas between them, and ${quoted(odd)} is not one`);
  }
  return good(new Set(symbols));
}

const LONGEST_QUOTE = 60;

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
