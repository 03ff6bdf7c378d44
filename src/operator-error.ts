// A problem that a person can put right: printed as its one sentence, without a stack trace, exit code 1.
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}

/** The `code` of a Node or PostgreSQL error (`ENOSPC`, `28P01`), where there is one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
