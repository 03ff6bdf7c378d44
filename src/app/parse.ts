// Applies a schema to a request, and turns everything that is wrong with it into one problem that names
// every field: a typo in `limit_price` must not become a market order.
import type { z } from "zod";
import { invalidFields, type FieldProblem } from "./problem.ts";

export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  known: readonly string[] = [],
): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalidFields(result.error.issues.flatMap((issue) => fieldsOf(issue, known)));
}

function fieldsOf(issue: z.core.$ZodIssue, known: readonly string[]): FieldProblem[] {
  const path = pathText(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        field: path === "" ? key : `${path}.${key}`,
        message: `is not a field of this request${meant(key, known)}`,
      }));
    case "invalid_type":
      return [
        {
          field: path === "" ? "body" : path,
          message: issue.input === undefined && path !== "" ? "is required" : typeWanted(issue),
        },
      ];
    case "invalid_union":
      return meantOption(issue).flatMap((inner) =>
        fieldsOf({ ...inner, path: [...issue.path, ...inner.path] }, []),
      );
    default:
      return [{ field: path, message: issue.message }];
  }
}

/**
 * Of the ways in which a field may be written, the one that was begun: where all that is wrong lies within
 * an object, that; else the plain one, whose sentence says what would be right.
 */
function meantOption({ errors }: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] {
  const isWithin = ({ path, code }: z.core.$ZodIssue): boolean =>
    path.length > 0 || code === "unrecognized_keys";
  const within = errors.find((issues) => issues.every((issue) => isWithin(issue)));
  return within ?? errors.findLast((issues) => issues.length > 0) ?? [];
}

function typeWanted({ expected }: { readonly expected: string }): string {
  return `must be ${expected === "object" || expected === "array" ? "an" : "a"} ${expected}`;
}

function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}

function meant(key: string, known: readonly string[]): string {
  const near = known
    .map((name) => ({ name, changes: changesBetween(key.toLowerCase(), name) }))
    .toSorted((one, other) => one.changes - other.changes)[0];
  return near !== undefined && near.changes <= 3 ? `; did you mean ${near.name}?` : "";
}

/** Letters that must change to make one word of the other; long words are not worth the time. */
function changesBetween(from: string, to: string): number {
  if (from.length > 40) return 40;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const changed = (row[column] ?? 0) + (from[index] === to[column] ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
