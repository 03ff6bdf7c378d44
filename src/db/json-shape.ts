// Readers for JSON that we wrote ourselves: each is typed by what it reads, so a field that is added to
// a type does not compile until its reader is there. What does not fit is an error that names the path.
import { Decimal } from "../domain/decimal.ts";
import { asId, type Branded } from "../domain/ids.ts";

export class MalformedEvent extends Error {
  override readonly name = "MalformedEvent";

  /** The path is put together on the way out: reading what is right makes no text. */
  within(name: string): MalformedEvent {
    return new MalformedEvent(`${name}.${this.message}`);
  }
}

export interface Reader<T> {
  (value: unknown, name: string): T;
  /** The field may be absent, and is then left out. */
  readonly optional?: true;
}

function malformed(name: string, wanted: string): MalformedEvent {
  return new MalformedEvent(`${name} is not ${wanted}`);
}

function inside<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error: unknown) {
    throw error instanceof MalformedEvent ? error.within(name) : error;
  }
}

export const text: Reader<string> = (value, name) => {
  if (typeof value !== "string") throw malformed(name, "text");
  return value;
};

export const integer: Reader<number> = (value, name) => {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw malformed(name, "a whole number");
  }
  return value;
};

export const flag: Reader<boolean> = (value, name) => {
  if (typeof value !== "boolean") throw malformed(name, "true or false");
  return value;
};

export const decimal: Reader<Decimal> = (value, name) => {
  const parsed = typeof value === "string" ? Decimal.tryParse(value) : null;
  if (parsed === null) throw malformed(name, "a decimal");
  return parsed;
};

export const id =
  <Id extends Branded<string>>(): Reader<Id> =>
  (value, name) =>
    asId<Id>(text(value, name));

export const word =
  <const Word extends string>(words: readonly Word[]): Reader<Word> =>
  (value, name) => {
    const found = words.find((each) => each === value);
    if (found === undefined) throw malformed(name, `one of ${words.join(", ")}`);
    return found;
  };

/** Null and absent are one: an older event that lacks the field says nothing about it. */
export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, name) =>
    value === null || value === undefined ? null : read(value, name);

export function optional<T>(read: Reader<T>): Reader<T> {
  return Object.assign((value: unknown, name: string) => read(value, name), {
    optional: true as const,
  });
}

export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, name) => {
    if (!Array.isArray(value)) throw malformed(name, "a list");
    return inside(name, () => value.map((item: unknown, index) => read(item, String(index))));
  };

export type Fields<T> = {
  readonly [Key in keyof T]-?: Reader<NonNullable<T[Key]> | Extract<T[Key], null>>;
};

/** The JSON that is read becomes the result: building it again would cost as much as parsing it. */
export function object<T extends object>(fields: Fields<T>): Reader<T> {
  const readers = Object.entries(fields) as readonly (readonly [string, Reader<unknown>])[]; // the values of Fields
  return (value, name) => {
    if (typeof value !== "object" || value === null) throw malformed(name, "an object");
    const source = value as Record<string, unknown>; // any object is a record of its own keys
    return inside(name, () => {
      for (const [key, read] of readers) {
        const field = source[key];
        if (field === undefined && read.optional === true) continue;
        const there = read(field, key);
        if (there !== field) source[key] = there;
      }
      return source as T; // every key of T was read by the reader of its type
    });
  };
}

/** Numbers behind a verdict: text, numbers, switches and nulls under any name. */
export const scalars: Reader<Readonly<Record<string, string | number | boolean | null>>> = (
  value,
  name,
) => {
  if (typeof value !== "object" || value === null) throw malformed(name, "an object");
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== null && !["string", "number", "boolean"].includes(typeof entry)) {
      throw malformed(`${name}.${key}`, "a plain value");
    }
  }
  return value as Readonly<Record<string, string | number | boolean | null>>; // checked above
};

/** Defers a shape that contains itself. */
export const lazy =
  <T>(read: () => Reader<T>): Reader<T> =>
  (value, name) =>
    read()(value, name);
