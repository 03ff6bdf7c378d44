// Tokens: only those that were signed with our secret, for us, and are still valid.
import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { jwtVerifier } from "../../../src/api/auth/jwt.ts";

const secret = "a secret of at least thirty-two bytes";
const verifier = jwtVerifier({ key: { secret }, issuer: "house", audience: "fillstream" });

function token(claims: Record<string, unknown>, by = secret, expires = "5m") {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("ann")
    .setIssuer("house")
    .setAudience("fillstream")
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(by));
}

describe("a token", () => {
  it("carries role and scope", async () => {
    const text = await token({ role: "trader", symbols: ["aapl"], max_notional: "5000" });
    expect(await verifier.verify(text)).toMatchObject({
      actor: "jwt:ann",
      role: "trader",
      symbols: new Set(["AAPL"]),
      accounts: null,
    });
  });

  it.each([
    ["another secret", () => token({ role: "admin" }, "another secret of thirty-two bytes!")],
    ["no time left", () => token({ role: "admin" }, secret, "-1m")],
    ["no role", () => token({})],
    ["a role of its own", () => token({ role: "owner" })],
    ["a scope that is no list", () => token({ role: "admin", accounts: "main" })],
    ["an amount that went through a float", () => token({ role: "admin", max_notional: 0.1 })],
    ["no signature", () => Promise.resolve(new UnsecuredJWT({ role: "admin", sub: "x" }).encode())],
  ])("with %s is refused", async (_, make) => {
    await expect(verifier.verify(await make())).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("needs a secret as long as its hash", () => {
    expect(() => jwtVerifier({ key: { secret: "short" }, issuer: null, audience: null })).toThrow(
      RangeError,
    );
  });
});
