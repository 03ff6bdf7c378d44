// Without keys only this machine may ask: a page of another site, or a name that was made to point
// here (DNS rebinding), is refused.
import { Problem } from "../../app/problem.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

export interface HostRules {
  /** Only names of this machine; false where the API listens for others as well. */
  readonly loopbackOnly: boolean;
}

export function requireOwnHost(request: Request, { loopbackOnly }: HostRules): void {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (loopbackOnly && !LOOPBACK.test(hostnameOf(host))) {
    throw new Problem("foreign_host", "Without API keys this address only answers on localhost.");
  }
  requireSameOrigin(request, host);
}

/** A browser names the page that sends a request; curl and bots name none. */
export function requireSameOrigin(request: Request, host: string): void {
  const origin = request.headers.get("origin");
  const foreign =
    origin === null
      ? request.headers.get("sec-fetch-site") === "cross-site"
      : !URL.canParse(origin) || new URL(origin).host !== host;
  if (foreign) {
    throw new Problem("foreign_origin", "Requests from pages of other sites are refused here.");
  }
}

function hostnameOf(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
}
