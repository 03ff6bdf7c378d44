// From method and path to what answers it: exact paths by one look-up, those with parameters by pattern.

export interface Found<Value> {
  readonly value: Value;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern<Value> {
  readonly method: string;
  readonly segments: readonly string[];
  readonly value: Value;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

export class PathTable<Value> {
  readonly #exact = new Map<string, Value>();
  readonly #patterns: Pattern<Value>[] = [];

  /** `{name}` in a path stands for one segment. */
  add(method: string, path: string, value: Value): void {
    if (!path.includes("{")) this.#exact.set(`${method} ${path}`, value);
    else this.#patterns.push({ method, segments: path.split("/"), value });
  }

  find(method: string, path: string): Found<Value> | null {
    const exact = this.#exact.get(`${method} ${path}`);
    if (exact !== undefined) return { value: exact, params: NO_PARAMS };
    const segments = path.split("/");
    for (const pattern of this.#patterns) {
      if (pattern.method !== method) continue;
      const params = match(pattern.segments, segments);
      if (params !== null) return { value: pattern.value, params };
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
