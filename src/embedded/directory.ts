// Makes directories and files of the data directory, and says in one sentence why it could not.
import { chmodSync, existsSync, mkdirSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { errorCode, messageOf, OperatorError } from "../operator-error.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "it may not be written by this user",
  EPERM: "it may not be written by this user",
  ENOENT: "it cannot be made there",
  EROFS: "it is on a read-only file system",
  ENOSPC: "its disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "there is a file of that name",
};

/** A first start needs about 100 MB: 39 MB of cluster, write-ahead log, and room to work. */
const SMALLEST_FREE_BYTES = 150 * 1024 * 1024;

export function makeDirectory(path: string, mode = 0o700): void {
  try {
    makeWithParents(resolve(path), mode);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Not `recursive`, which never returns where a system answers "no such file", as below /proc. */
function makeWithParents(path: string, mode: number): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw Object.assign(new Error("not a directory"), { code: "EEXIST" });
  }
  makeWithParents(dirname(path), mode);
  mkdirSync(path, { mode });
  // The umask may have taken bits away; a directory that was there keeps its owner's mode.
  chmodSync(path, mode);
}

export function writePrivateFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (error) {
    throw unusable(path, error);
  }
}

export function requireFreeSpace(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  if (free >= SMALLEST_FREE_BYTES) return;
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
  throw new OperatorError(
    `The data directory ${path} cannot be used: its disk is full (${megabytes(free)} free, ${megabytes(SMALLEST_FREE_BYTES)} needed). Free some space, or set FILLSTREAM_DATA to another place.`,
  );
}

export function unusable(path: string, error: unknown): OperatorError {
  const reason = reasons[errorCode(error) ?? ""] ?? messageOf(error);
  return new OperatorError(
    `The data directory ${path} cannot be used: ${reason}. Set FILLSTREAM_DATA to a directory that this user may write.`,
    { cause: error },
  );
}
