// The canonical text of a request, kept with its idempotency key: the same key with another request is
// a mistake of the sender's, and the fields that differ are named.
import { Problem } from "./problem.ts";

/** Fields in a fixed order, absent ones left out, numbers as exact text: two spellings are one text. */
export function fingerprintOf(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields, (_, value: unknown) => (value === null ? undefined : value));
}

export function keyMismatch(ours: string, theirs: string): Problem {
  const fields = differingFields(ours, theirs);
  const named = fields.length === 0 ? "the request" : fields.join(", ");
  return new Problem(
    "idempotency_mismatch",
    `This key was used before for another request: ${named} differs.`,
    { fields: fields.map((field) => ({ field, message: "differs from the first request" })) },
  );
}

function differingFields(first: string, second: string): readonly string[] {
  const one = parsed(first);
  const other = parsed(second);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** Our own text, as `fingerprintOf` wrote it. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
