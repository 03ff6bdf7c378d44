// The kinds of values that a variable can have; each failure says what would be right.
import { isIP } from "node:net";
import { z } from "zod";
import { Secret } from "./secret.ts";

const yes = ["true", "1", "yes", "on"];
const no = ["false", "0", "no", "off"];

export const text = z.string();

export const secret = z.string().transform((value) => new Secret(value));

export const flag = z
  .string()
  .toLowerCase()
  .refine((value) => yes.includes(value) || no.includes(value), {
    error: "it must be true or false",
  })
  .transform((value) => yes.includes(value));

export function wholeNumber(from: number, to: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: `it must be a whole number from ${from} to ${to}`, abort: true })
    .transform(Number)
    .refine((value) => value >= from && value <= to, {
      error: `it must be a whole number from ${from} to ${to}`,
    });
}

/** Kept as text, for exact arithmetic later. */
export const amount = z.string().regex(/^(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/, {
  error: "it must be a plain decimal such as 10000 or 99.50",
});

export function oneOf<const Choice extends string>(...choices: readonly Choice[]) {
  const list = choices.length === 1 ? choices[0] : choices.join(", ");
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(choices, { error: `it must be one of ${list}` }));
}

/** An address with one of these schemes, without a slash at its end. */
export function address(schemes: readonly string[], example: string) {
  return z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), {
      error: `it must be an address such as ${example}`,
      abort: true,
    })
    .refine((value) => isWellEncoded(new URL(value)), {
      error: "a % in its user or password must be written as %25",
    })
    .transform((value) => value.replace(/\/+$/, ""));
}

/** An address, or `none` for doing without. */
export function addressOrNone(schemes: readonly string[], example: string) {
  return z.union([z.literal("none"), address(schemes, example)], {
    error: `it must be none, or an address such as ${example}, where a % must be written as %25`,
  });
}

export const instant = z
  .string()
  .refine((value) => z.iso.datetime({ offset: true }).safeParse(value).success, {
    error: "it must be an instant such as 2026-07-03T15:00:00Z",
  })
  .transform((value) => Date.parse(value));

/** Addresses of the network with commas between them. */
export const addresses = z
  .string()
  .transform((value) => value.split(",").map((each) => each.trim()))
  .refine((values) => values.every((each) => isIP(each) !== 0), {
    error: "it must be addresses such as 10.0.0.1, with commas between them",
  });

export const longSecret = z
  .string()
  .min(32, { error: "it must have at least 32 characters" })
  .transform((value) => new Secret(value));

/** `name=value` with commas between them, percent-encoded as OpenTelemetry has it. */
export const pairs = z
  .string()
  .transform((value) => value.split(",").map((each) => /^\s*([\w-]+)\s*=(.*)$/.exec(each)))
  .refine((found) => found.every((each) => each !== null && isEncoded(each[2] ?? "")), {
    error: "it must be pairs such as name=value, with commas between them",
  })
  .transform((found) =>
    found.map((each) => ({
      name: (each?.[1] ?? "").toLowerCase(),
      value: new Secret(decodeURIComponent((each?.[2] ?? "").trim())),
    })),
  );

function isWellEncoded({ username, password }: URL): boolean {
  return isEncoded(username) && isEncoded(password);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export const share = z
  .string()
  .regex(/^(0?\.\d+|[01](\.0+)?)$/, { error: "it must be a number from 0 to 1" })
  .transform(Number);

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

export const columnName = z.string().regex(PLAIN_NAME, "must be a plain name");

/** Null for `none`. */
export const columnNameOrNone = columnName.transform((name) => (name === "none" ? null : name));
