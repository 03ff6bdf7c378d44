// API keys: 256 random bits behind a short name, kept as a SHA-256 hash, shown once.
import { createHash, randomBytes } from "node:crypto";

/** `fs_`, eight characters that may be shown, and the secret. */
export const KEY_FORM = /^fs_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/;

const NAME_CHARACTERS = "fs_".length + 8;

export interface NewKey {
  /** The key itself: leaves in one answer and is nowhere kept. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: string;
}

export function makeKey(): NewKey {
  const prefix = `fs_${randomBytes(4).toString("hex")}`;
  const key = `${prefix}_${randomBytes(32).toString("base64url")}`;
  return { key, prefix, hash: hashKey(key) };
}

/** What of a key may be shown. */
export function nameOfKey(key: string): string {
  return key.slice(0, NAME_CHARACTERS);
}

export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
