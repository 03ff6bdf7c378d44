// PostgreSQL refuses to run as root, so root lends it an account without rights of its own.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OperatorError } from "../operator-error.ts";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account to run PostgreSQL as; null means our own, which is not root. */
export function serverAccount(passwdFile = "/etc/passwd"): Account | null {
  if (process.getuid?.() !== 0) return null;
  const entries = existsSync(passwdFile) ? readFileSync(passwdFile, "utf8").split("\n") : [];
  const fields = entries.map((line) => line.split(":"));
  const entry =
    fields.find(([name]) => name === "postgres") ?? fields.find(([name]) => name === "nobody");
  if (entry === undefined) {
    throw new OperatorError(
      "PostgreSQL does not run as root, and this system has neither a `postgres` nor a `nobody` account to run it as: start Fillstream as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** True when every directory on the way can be entered by everyone, as a home of mode 0700 cannot. */
export function everyoneCanReach(path: string): boolean {
  const absolute = resolve(path);
  if (existsSync(absolute) && (statSync(absolute).mode & 0o001) === 0) return false;
  const parent = dirname(absolute);
  return parent === absolute || everyoneCanReach(parent);
}
