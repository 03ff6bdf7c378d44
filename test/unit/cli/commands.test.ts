// What every command of the command line has in common.
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import type { Command } from "../../../src/cli/command.ts";
import { withUsualWait } from "../../../src/cli/desk/options.ts";

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

it("takes --wait without a number for the usual time", () => {
  const typed = ["buy", "AAPL", "10", "--wait"];
  expect(withUsualWait(typed)).toEqual(["buy", "AAPL", "10", "--wait=5"]);
  expect(withUsualWait(["--wait", "--json"])).toEqual(["--wait=5", "--json"]);
  expect(withUsualWait(["--wait", "3", "x"])).toEqual(["--wait", "3", "x"]);
  expect(withUsualWait(["--wait=0"])).toEqual(["--wait=0"]);
});
