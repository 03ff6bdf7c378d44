import { expect, test } from "vitest";
import { variables } from "../../../src/config/variables.ts";

const header = `# Every variable that Fillstream reads, with its default. Copy to .env and change what you need;
# what is set outside the file wins. \`npx vitest run test/unit/config -u\` writes this file anew.
`;

function example(): string {
  const entries = Object.entries(variables).map(
    ([name, { about, fallback }]) =>
      `\n# ${about}\n${fallback === null ? "# " : ""}${name}=${fallback ?? ""}\n`,
  );
  return header + entries.join("");
}

test(".env.example lists every variable with its default and a sentence", async () => {
  await expect(example()).toMatchFileSnapshot("../../../.env.example");
});

test("every variable is told in one whole sentence", () => {
  for (const [name, { about }] of Object.entries(variables)) {
    expect(about, name).toMatch(/^[A-Z][^\n]+\.$/);
  }
});
