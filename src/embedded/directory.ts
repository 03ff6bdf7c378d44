// Makes directories and files of the data directory, and says in one sentence why it could not.
import { chmodSync, mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { errorCode, messageOf, OperatorError } from "../operator-error.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "it may not be written by this user",
  EPERM: "it may not be written by this user",
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
    const created = mkdirSync(path, { recursive: true, mode }) !== undefined;
    // The umask may have taken bits away; a directory that was there keeps its owner's mode.
    if (created) chmodSync(path, mode);
  } catch (error) {
    throw unusable(path, error);
  }
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
