import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyoneCanReach, serverAccount } from "../../../src/embedded/account.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-account-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

describe("the account that PostgreSQL runs as", () => {
  test.skipIf(!isRoot)("is postgres, or nobody, when we are root", () => {
    const passwd = join(directory, "passwd");
    writeFileSync(passwd, "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n");
    expect(serverAccount(passwd)).toEqual({ uid: 65_534, gid: 65_533 });
    writeFileSync(passwd, "nobody:x:65534:65533::/:/x\npostgres:x:101:104::/:/x\n");
    expect(serverAccount(passwd)).toEqual({ uid: 101, gid: 104 });
    writeFileSync(passwd, "root:x:0:0::/root:/bin/sh\n");
    expect(() => serverAccount(passwd)).toThrow("PostgreSQL does not run as root");
  });

  test.skipIf(isRoot)("is our own when we are not root", () => {
    expect(serverAccount()).toBeNull();
  });
});

test("a place is reachable only when every directory on the way may be entered", () => {
  const inner = join(directory, "home", "project");
  mkdirSync(inner, { recursive: true });
  chmodSync(directory, 0o711);
  expect(everyoneCanReach(join(inner, "not-yet-there"))).toBe(true);
  chmodSync(join(directory, "home"), 0o700);
  expect(everyoneCanReach(join(inner, "not-yet-there"))).toBe(false);
});
