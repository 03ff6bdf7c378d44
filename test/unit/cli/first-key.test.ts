// The first start's key is for this machine: whatever FILLSTREAM_URL says, it goes nowhere else.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { atDesk, DONE } from "../../../src/cli/desk/desk.ts";

const KEY = "fs_first";
let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "fillstream-key-"));
  writeFileSync(join(directory, "admin-key"), `${KEY}\n`);
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** The headers of what a command sends, with whatever key it takes. */
async function sentWith(environment: Readonly<Record<string, string>>): Promise<string> {
  const given = { FILLSTREAM_DATA: directory, FILLSTREAM_URL: "", FILLSTREAM_KEY: "" };
  for (const [name, value] of Object.entries({ ...given, ...environment })) {
    vi.stubEnv(name, value);
  }
  let sent = "";
  vi.stubGlobal("fetch", (_: unknown, { headers }: RequestInit) => {
    sent = JSON.stringify([...new Headers(headers)]);
    return Promise.resolve(Response.json({ data: [] }));
  });
  expect(await atDesk((client) => client.positions().then(() => DONE))).toBe(DONE);
  return sent;
}

it.each([
  "https://fillstream.example.com",
  "http://fillstream.example.com:8000",
  "http://203.0.113.7:8000",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://localhost@203.0.113.7",
  "http://[2001:db8::7]:8000",
])("%s does not get it", async (url) => {
  expect(await sentWith({ FILLSTREAM_URL: url })).not.toContain(KEY);
});

const [own] = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .filter(({ family, internal }) => family === "IPv4" && !internal);

it.each([
  "",
  "http://localhost:8000",
  "http://127.0.0.1:8000",
  "http://[::1]:8000",
  ...(own === undefined ? [] : [`http://${own.address}:8000`]),
])("this machine's own API does: %j", async (url) => {
  expect(await sentWith({ FILLSTREAM_URL: url })).toContain(KEY);
});

it("a key that is named goes where it is asked for, instead", async () => {
  const named = { FILLSTREAM_URL: "https://fillstream.example.com", FILLSTREAM_KEY: "fs_named" };
  const sent = await sentWith(named);
  expect(sent).toContain("fs_named");
  expect(sent).not.toContain(KEY);
});
