// Files that a server writes and removes as it likes: looking first and reading then would lose the race.
import { readFileSync } from "node:fs";
import { errorCode } from "../operator-error.ts";

/** Null when it is not there. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
