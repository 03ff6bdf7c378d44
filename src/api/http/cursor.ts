// Page cursors: opaque to callers, ours to change; a made-up one is refused and never reaches SQL.
import { invalid, type Problem } from "../../app/problem.ts";

export function encodeCursor(position: string): string {
  return Buffer.from(position, "utf8").toString("base64url");
}

export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (cursor.length > 2_000 || encodeCursor(text) !== cursor) {
    throw notACursor();
  }
  return text;
}

export function notACursor(): Problem {
  return invalid("cursor", "is not a cursor of this listing");
}

/** Positions that are numbers of rows. */
export function isRowNumber(position: string): boolean {
  return /^\d{1,15}$/.test(position);
}

const MOST_VERSIONS = 2 ** 31 - 1;

/** Positions that are versions of a row, which are counted in four bytes. */
export function isVersion(position: string): boolean {
  return isRowNumber(position) && Number(position) <= MOST_VERSIONS;
}
