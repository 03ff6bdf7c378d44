// Without keys only this machine and its own pages may ask.
import { describe, expect, it } from "vitest";
import { requireOwnHost } from "../../../src/api/auth/hosts.ts";
import { Problem } from "../../../src/app/problem.ts";

function refusal(headers: Readonly<Record<string, string>>, loopbackOnly = true): string | null {
  try {
    requireOwnHost(new Request("http://localhost:8000/", { headers }), { loopbackOnly });
    return null;
  } catch (error: unknown) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe("the host", () => {
  it.each([
    "localhost",
    "localhost:8000",
    "LOCALHOST",
    "127.0.0.1:8000",
    "127.1.2.3",
    "[::1]:8000",
  ])("%s is this machine", (host) => {
    expect(refusal({ host })).toBeNull();
  });

  it.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", ""])(
    "%s is not",
    (host) => {
      expect(refusal({ host })).toBe("foreign_host");
    },
  );

  it("may be any where the API listens for others", () => {
    expect(refusal({ host: "fillstream:8000" }, false)).toBeNull();
  });
});

describe("the origin", () => {
  const host = "localhost:8000";
  it("of the API's own pages is taken", () => {
    expect(refusal({ host, origin: "http://localhost:8000" })).toBeNull();
  });

  it.each(["http://evil.example", "http://localhost:9999", "null", "http://127.0.0.1:8000"])(
    "%s is refused",
    (origin) => {
      expect(refusal({ host, origin })).toBe("foreign_origin");
    },
  );

  it("of another site is refused without an Origin too", () => {
    expect(refusal({ host, "sec-fetch-site": "cross-site" })).toBe("foreign_origin");
  });
});
