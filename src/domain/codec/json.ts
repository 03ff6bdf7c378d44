// Reads fields out of parsed JSON, one exact type at a time. Our own rows and stream entries come back
// through this: text in, typed values out, or an error that names the field.
import { Decimal } from "../decimal.ts";

export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
  readonly field: string;
  constructor(field: string) {
    super(`the field ${field} is missing or malformed`);
    this.field = field;
  }
}

export type JsonObject = { readonly [key: string]: unknown };

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new MalformedJson(field);
  return value as JsonObject; // the checks above are what the type says
}

export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedJson("(body)");
  }
  return asObject(value, "(body)");
}

export function text(source: JsonObject, field: string): string {
  const value = source[field];
  if (typeof value !== "string") throw new MalformedJson(field);
  return value;
}

export function integer(source: JsonObject, field: string): number {
  const value = source[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new MalformedJson(field);
  return value;
}

export function flag(source: JsonObject, field: string): boolean {
  const value = source[field];
  if (typeof value !== "boolean") throw new MalformedJson(field);
  return value;
}

export function decimal(source: JsonObject, field: string): Decimal {
  const parsed = Decimal.tryParse(text(source, field));
  if (parsed === null) throw new MalformedJson(field);
  return parsed;
}

export function object(source: JsonObject, field: string): JsonObject {
  return asObject(source[field], field);
}

/** The reader's answer, or null when the field is null or absent. */
export function orNull<T>(
  read: (source: JsonObject, field: string) => T,
  source: JsonObject,
  field: string,
): T | null {
  const value = source[field];
  return value === null || value === undefined ? null : read(source, field);
}

export function oneOf<Word extends string>(
  words: readonly Word[],
  source: JsonObject,
  field: string,
): Word {
  const value = text(source, field);
  const found = words.find((word) => word === value);
  if (found === undefined) throw new MalformedJson(field);
  return found;
}
