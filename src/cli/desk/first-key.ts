// The admin key that the first start left on this machine. It opens this machine's own API and no other, so
// it never leaves the machine: an address elsewhere gets a key only when somebody names one for it.
import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { isLoopback } from "../../config/mode.ts";

/** Null where there is none, or where it would go elsewhere. */
export function firstKeyFor(url: string, dataDirectory: string): string | null {
  const file = join(dataDirectory, "admin-key");
  if (!isOfThisMachine(new URL(url).hostname) || !existsSync(file)) return null;
  return readFileSync(file, "utf8").trim();
}

/** Loopback, or an address of an interface of ours; a name may lead anywhere. */
function isOfThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return isLoopback(host) || own.some(({ address }) => address === host);
}
