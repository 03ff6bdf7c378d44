// What every command of the command line has in common.
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { Command } from "../../../src/cli/command.ts";
import { withUsualWait } from "../../../src/cli/desk/options.ts";
import { errorCode } from "../../../src/operator-error.ts";
import { VERSION } from "../../../src/version.ts";

const FOLDER = new URL("../../../src/cli/commands/", import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));

it.each(files)("%s says how it is used, with an example", async (file) => {
  // A command's file exports the members of `Command`.
  const { name, usage, summary } = (await import(new URL(file, FOLDER).href)) as Command;
  expect(file).toBe(`${name}.ts`);
  expect(summary).toMatch(/^[a-z].*[^.]$/);
  expect(usage.startsWith(`fillstream ${name}`)).toBe(true);
  const [, ...blocks] = usage.split("\n\n");
  expect(blocks.join("\n")).toMatch(new RegExp(`^ {2}(?:\\S+=\\S+ )*fillstream ${name}\\b`, "m"));
});

/** Where no server is, in case that a command should start in spite of the option. */
function withoutServers(): void {
  vi.stubEnv("FILLSTREAM_DATA", join(tmpdir(), "fillstream-no-data"));
  vi.stubEnv("DATABASE_URL", "postgres://127.0.0.1:1/nowhere");
  vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
}

it.each(files)("%s refuses an option that it does not know", async (file) => {
  withoutServers();
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const command = (await import(new URL(file, FOLDER).href)) as Command;
  // Most throw what `main` turns into code 2; the calendar answers it by itself.
  const outcome = await Promise.resolve()
    .then(() => command.run(["--no-such-option"]))
    .catch((error: unknown) => errorCode(error));
  expect(["ERR_PARSE_ARGS_UNKNOWN_OPTION", 2]).toContain(outcome);
  said.mockRestore();
  vi.unstubAllEnvs();
});

it("says the version that the package has", () => {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
});

it("takes --wait without a number for the usual time", () => {
  const typed = ["buy", "AAPL", "10", "--wait"];
  expect(withUsualWait(typed)).toEqual(["buy", "AAPL", "10", "--wait=5"]);
  expect(withUsualWait(["--wait", "--json"])).toEqual(["--wait=5", "--json"]);
  expect(withUsualWait(["--wait", "3", "x"])).toEqual(["--wait", "3", "x"]);
  expect(withUsualWait(["--wait=0"])).toEqual(["--wait=0"]);
});
