// From method and path to a handler: exact paths by one look-up, the few with parameters by pattern.
import type { AlpacaContext } from "./context.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

export type Handler = (context: AlpacaContext, request: WireRequest) => WireAnswer;

export interface Found {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

export class Router {
  readonly #exact = new Map<string, Handler>();
  readonly #patterns: Pattern[] = [];

  /** `{name}` in a path stands for one segment. */
  add(method: string, path: string, handler: Handler): void {
    if (!path.includes("{")) this.#exact.set(`${method} ${path}`, handler);
    else this.#patterns.push({ method, segments: path.split("/"), handler });
  }

  find(method: string, path: string): Found | null {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return { handler: exact, params: NO_PARAMS };
    const segments = path.split("/");
    for (const pattern of this.#patterns) {
      if (pattern.method !== method) continue;
      const params = match(pattern.segments, segments);
      if (params !== null) return { handler: pattern.handler, params };
    }
    return null;
  }

  /** Whether the path exists under some other method. */
  knows(path: string): boolean {
    return ["GET", "POST", "PATCH", "PUT", "DELETE"].some((method) => this.find(method, path));
  }
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!expected.startsWith("{")) {
      if (expected !== segment) return null;
      continue;
    }
    const value = decode(segment);
    if (value === null || value === "") return null;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}
