// Readers for JSON that we wrote ourselves: each is typed by what it reads, so a field that is added to
// a type does not compile until its reader is there. What does not fit is an error that names the path.
import { Decimal } from "../domain/decimal.ts";
import { asId, type Branded } from "../domain/ids.ts";

export class MalformedEvent extends Error {
  override readonly name = "MalformedEvent";
}

export interface Reader<T> {
  (value: unknown, path: string): T;
  /** The field may be absent, and is then left out. */
  readonly optional?: true;
}

function malformed(path: string, wanted: string): MalformedEvent {
  return new MalformedEvent(`${path} is not ${wanted}`);
}

export const text: Reader<string> = (value, path) => {
  if (typeof value !== "string") throw malformed(path, "text");
  return value;
};

export const integer: Reader<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw malformed(path, "a whole number");
  }
  return value;
};

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw malformed(path, "true or false");
  return value;
};

export const decimal: Reader<Decimal> = (value, path) => {
  const parsed = typeof value === "string" ? Decimal.tryParse(value) : null;
  if (parsed === null) throw malformed(path, "a decimal");
  return parsed;
};

export const id =
  <Id extends Branded<string>>(): Reader<Id> =>
  (value, path) =>
    asId<Id>(text(value, path));

export const word =
  <const Word extends string>(words: readonly Word[]): Reader<Word> =>
  (value, path) => {
    const found = words.find((each) => each === value);
    if (found === undefined) throw malformed(path, `one of ${words.join(", ")}`);
    return found;
  };

/** Null and absent are one: an older event that lacks the field says nothing about it. */
export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value === null || value === undefined ? null : read(value, path);

export function optional<T>(read: Reader<T>): Reader<T> {
  return Object.assign((value: unknown, path: string) => read(value, path), {
    optional: true as const,
  });
}

export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw malformed(path, "a list");
    return value.map((item: unknown, index) => read(item, `${path}[${index}]`));
  };

export type Fields<T> = {
  readonly [Key in keyof T]-?: Reader<NonNullable<T[Key]> | Extract<T[Key], null>>;
};

export function object<T extends object>(fields: Fields<T>): Reader<T> {
  const readers = Object.entries(fields) as readonly (readonly [string, Reader<unknown>])[]; // the values of Fields
  return (value, path) => {
    if (typeof value !== "object" || value === null) throw malformed(path, "an object");
    const source = value as Readonly<Record<string, unknown>>; // any object is a record of its own keys
    const result: Record<string, unknown> = {};
    for (const [key, read] of readers) {
      const field = source[key];
      if (field === undefined && read.optional === true) continue;
      result[key] = read(field, `${path}.${key}`);
    }
    return result as T; // every key of T was read by the reader of its type
  };
}

/** Numbers behind a verdict: text, numbers, switches and nulls under any name. */
export const scalars: Reader<Readonly<Record<string, string | number | boolean | null>>> = (
  value,
  path,
) => {
  if (typeof value !== "object" || value === null) throw malformed(path, "an object");
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== null && !["string", "number", "boolean"].includes(typeof entry)) {
      throw malformed(`${path}.${key}`, "a plain value");
    }
  }
  return value as Readonly<Record<string, string | number | boolean | null>>; // checked above
};

/** Defers a shape that contains itself. */
export const lazy =
  <T>(read: () => Reader<T>): Reader<T> =>
  (value, path) =>
    read()(value, path);
