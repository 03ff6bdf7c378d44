// Alerts and graphs speak of metrics that are there.
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiUnderTest, type ApiUnderTest } from "../../support/api.ts";

const run = promisify(execFile);
const pathOf = (name: string) => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

let api: ApiUnderTest;
let scrape = "";
beforeAll(async () => {
  api = await apiUnderTest();
  // A webhook is a reader of the log, which the feeds' lag is about.
  await api.store.feeds.saveCursor("webhook x", new Map([[0, 0]]));
  scrape = (await api.send("GET", "/metrics")).text;
});
afterAll(() => api.drop());

/** Names of metrics in a PromQL expression. */
function metricsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\bfillstream_[a-z0-9_]+/g)].map(([name]) => name);
}

function isScraped(metric: string): boolean {
  const family = metric.replace(/_(bucket|sum|count)$/, "");
  return new RegExp(`^# TYPE (${metric}|${family}) `, "m").test(scrape);
}

const dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});

it("every alert watches a metric that is scraped", () => {
  const rules = readFileSync(pathOf("alerts.yml"), "utf8");
  const expressions = [...rules.matchAll(/^ +expr: (.*)$/gm)].map(
    ([, expression]) => expression ?? "",
  );
  expect(expressions.length).toBeGreaterThan(10);
  for (const name of expressions.flatMap(metricsIn))
    expect([name, isScraped(name)]).toEqual([name, true]);
});

it("every panel shows a metric that is scraped", () => {
  const { panels } = dashboard.parse(JSON.parse(readFileSync(pathOf("grafana.json"), "utf8")));
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  for (const name of expressions.flatMap(metricsIn))
    expect([name, isScraped(name)]).toEqual([name, true]);
});

function hasPromtool(): boolean {
  try {
    execFileSync("promtool", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write(
      "\nNO PROMTOOL: the alert rules are not tried (apt install prometheus)\n\n",
    );
    return false;
  }
}

describe.skipIf(!hasPromtool())("promtool", () => {
  it("proves the alert rules", async () => {
    await run("promtool", ["check", "rules", pathOf("alerts.yml")]);
    await run("promtool", ["test", "rules", pathOf("alerts.test.yml")]);
  });

  it("finds nothing wrong with the metrics", () => {
    // Exit code 3 is advice about names, which prom-client's own metrics do not follow either.
    const { status } = spawnSync("promtool", ["check", "metrics"], { input: scrape });
    expect([0, 3]).toContain(status);
  });
});
