// The curl lines of the documentation, word for word.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveApi, type Served } from "../../../src/api/serve.ts";
import { startExchange, type RunningExchange } from "../../../src/exchange/serve.ts";
import { apiUnderTest, type ApiUnderTest } from "../../support/api.ts";

const run = promisify(execFile);
/** Of the README only what curl sends: starting and testing are tests of their own. */
const PAGES = [
  "README.md",
  "docs/api.md",
  "docs/tradingview.md",
  "docs/webhooks.md",
  "docs/exchange.md",
];
/** There other commands stand beside curl's, which start something. */
const ONLY_CURL = new Set(["README.md", "docs/exchange.md"]);

function hasCurl(): boolean {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write("\nNO CURL: the documentation's commands are not tried\n\n");
    return false;
  }
}

interface Line {
  readonly command: string;
  readonly isRefused: boolean;
}

/** The lines of the shell blocks; a comment `refused` stands above those that show an error. */
function linesOf(page: string): readonly Line[] {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");
  const lines = blocks.flatMap((block) =>
    block
      .trim()
      .replace(/\\\n\s*/g, "")
      .split("\n"),
  );
  return lines.flatMap((command, index) =>
    command.startsWith("#") || (ONLY_CURL.has(page) && !command.startsWith("curl "))
      ? []
      : [{ command, isRefused: lines[index - 1]?.startsWith("# refused") === true }],
  );
}

describe.skipIf(!hasCurl())("the documentation's commands", () => {
  let api: ApiUnderTest;
  let served: Served;
  let exchange: RunningExchange;
  beforeAll(async () => {
    api = await apiUnderTest();
    served = await serveApi(api.app, { host: "127.0.0.1", port: 0 });
    exchange = await startExchange({ port: 0, dataDir: null, seed: "docs" });
    for (const symbol of ["TSLA"]) {
      await api.store.queries`
        INSERT INTO instruments SELECT 'SIM:' || ${symbol}, 'SIM', ${symbol}, asset_class, currency,
          ticks, lot, fractionable, min_qty, max_qty, min_notional, shortable, tradable
        FROM instruments WHERE id = 'SIM:AAPL'`;
    }
    await api.api.world.refresh();
  });
  afterAll(async () => {
    api.beginClosing();
    await served.close();
    await exchange.stop();
    await api.drop();
  });

  /** The page's own words; only where ports 8000 and 8100 are differs from test to test. */
  async function execute(lines: readonly Line[]): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "fillstream-docs-"));
    const curl = execFileSync("bash", ["-c", "command -v curl"], { encoding: "utf8" }).trim();
    const ports = { 8000: served.port, 8100: exchange.port };
    const there = Object.entries(ports)
      .flatMap(([shown, port]) => ["localhost", "127.0.0.1"].map((host) => [host, shown, port]))
      .map(([host, shown, port]) => `--connect-to ${host}:${shown}:127.0.0.1:${port}`)
      .join(" ");
    const shim = `#!/bin/sh\nexec ${curl} ${there} -w '%{stderr}\\nSTATUS %{http_code}\\n' "$@"\n`;
    writeFileSync(join(folder, "curl"), shim, { mode: 0o755 });
    const script = ["exec 2>&1", ...lines.map(({ command }) => command)].join("\n");
    try {
      const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
      const { stdout } = await run("bash", ["-c", script], { timeout: 60_000, env });
      return stdout;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it.each(PAGES)("of %s do what they say", async (page) => {
    const lines = linesOf(page);
    expect(lines.length).toBeGreaterThan(0);
    const output = await execute(lines);
    const statuses = [...output.matchAll(/^STATUS (\d+)$/gm)].map(([, status]) => Number(status));
    // A stream that is cut off says nothing of its status.
    const told = lines.filter(({ command }) => !command.startsWith("timeout"));
    const expected = told.map(({ isRefused }) => isRefused);
    const seen = statuses.map((status) => status >= 400);
    expect([page, seen, output]).toEqual([page, expected, output]);
  });
});

it("the type that checks a signature is the one that signs", async () => {
  const { signatureOf } = await import("../../../src/api/notices/send.ts");
  expect(signatureOf("secret", 1_795_181_210_000, "{}")).toMatch(/^t=1795181210,v1=[0-9a-f]{64}$/);
});
