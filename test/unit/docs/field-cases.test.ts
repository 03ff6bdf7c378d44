// The page of cases from the field names tests that exist.
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ROW = /^\|[^|]*\| ((?:unit|property)\/\S+\.ts): (.+?) *\|$/;
const rows = readFileSync("docs/field-cases.md", "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, file, name] = ROW.exec(line) ?? [];
    return file === undefined || name === undefined ? [] : [[file, name] as const];
  });

it("the page has its rows", () => {
  expect(rows.length).toBeGreaterThan(30);
});

it.each(rows)("%s: %s", (file, name) => {
  expect(existsSync(`test/${file}`)).toBe(true);
  expect(readFileSync(`test/${file}`, "utf8")).toContain(name);
});
