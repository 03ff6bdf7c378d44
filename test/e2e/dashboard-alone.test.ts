// The built page on an API without a worker: signing in, and more rows than a person can read.
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { serveApi, type Served } from "../../src/api/serve.ts";
import { serveDashboard } from "../../src/api/static.ts";
import { apiUnderTest, type ApiUnderTest } from "../support/api.ts";
import { newKey } from "../support/keys.ts";
import {
  browserIsThere,
  openBrowser,
  openPage,
  sayWhenSkipped,
  seriousViolations,
} from "../support/browser.ts";
import { build } from "../support/fillstream.ts";

sayWhenSkipped("the dashboard without a worker");

const PAGE = fileURLToPath(new URL("../../dist/dashboard", import.meta.url));

describe.skipIf(!browserIsThere)("the dashboard without a worker", () => {
  let browser: Browser;
  let api: ApiUnderTest;
  let served: Served;

  beforeAll(async () => {
    build();
    browser = await openBrowser();
  });
  afterEach(async () => {
    api.beginClosing();
    await served.close();
    await api.drop();
  });
  afterAll(() => browser?.close());

  async function serve(settings: Parameters<typeof apiUnderTest>[0]): Promise<string> {
    api = await apiUnderTest(settings);
    serveDashboard(api.app, PAGE);
    served = await serveApi(api.app, { host: "127.0.0.1", port: 0 });
    return `http://127.0.0.1:${served.port}`;
  }

  test("where keys are required a key signs in, is out of reach of scripts, and signs out", async () => {
    const url = await serve({ auth: "keys" });
    const { key } = await newKey(api, { role: "viewer" });
    const { page, complaints } = await openPage(browser, url);
    await page.locator("input[name=key]").fill("fs_00000000_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator(".outcome-refused").waitFor();
    expect(await seriousViolations(page)).toEqual([]);

    await page.locator("input[name=key]").fill(key);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator('[data-light="page"][data-state="good"]').waitFor();
    const [cookie, ...others] = await page.context().cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", value: key });
    expect(page.url()).not.toContain(key);
    expect(await page.evaluate("JSON.stringify([localStorage, sessionStorage])")).toBe("[{},{}]");
    expect(await page.evaluate("document.cookie")).toBe("");
    // A viewer sees everything and is offered nothing that would be refused.
    expect(await page.getByRole("button", { name: "Stop", exact: true }).count()).toBe(0);

    await page.locator(".lights").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator("input[name=key]").waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  const MODES = [
    ["mock", "rgb(90, 103, 121)"],
    ["paper", "rgb(31, 95, 196)"],
    ["live", "rgb(184, 0, 46)"],
  ] as const;
  test.each(MODES)("%s has a word and a colour of its own", async (mode, colour) => {
    const url = await serve({ auth: "off", mode });
    const { page } = await openPage(browser, url, { colorScheme: "light" });
    const badge = page.locator(".mode-badge", { hasText: mode.toUpperCase() });
    await badge.waitFor();
    expect(await page.evaluate(BADGE_COLOUR)).toBe(colour);
    expect(await page.locator(`.page.mode-${mode}`).count()).toBe(1);
    expect(await seriousViolations(page)).toEqual([]);
    await page.context().close();
  });

  test("another site can neither sign a visitor in nor act with the cookie", async () => {
    await serve({ auth: "keys" });
    const { key } = await newKey(api, { role: "admin" });
    const foreign = { origin: "https://elsewhere.example", host: "127.0.0.1" };
    const signIn = await api.send("POST", "/api/auth/session", { key }, foreign);
    expect([signIn.status, signIn.headers.get("set-cookie")]).toEqual([403, null]);
    const session = { ...foreign, cookie: `fillstream_session=${key}` };
    const stop = { state: "halted" };
    const act = await api.send("PUT", "/api/v1/trading/trading-state", stop, session);
    expect(act.status).toBe(403);
  });

  test("a thousand positions draw only what is in sight, and follow their prices", async () => {
    const url = await serve({ auth: "off" });
    await holdThousand(api);
    const { page, complaints } = await openPage(browser, url, {
      viewport: { width: 1440, height: 900 },
    });
    const table = page.locator('table[aria-label="Positions"]');
    await page.locator(".panel-positions .count", { hasText: "1000" }).waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe("1001");
    expect(await table.locator("tbody tr").count()).toBeLessThan(60);

    const first = table.locator("tbody tr", { hasText: "P1000" });
    await first.waitFor();
    await api.store
      .queries`UPDATE marks SET last = 555, at = now() WHERE instrument_id = 'SIM:P1000'`;
    await first.locator(".col-last", { hasText: "555.00" }).waitFor();

    await page.locator(".panel-positions .rows").evaluate((rows) => {
      rows.scrollTop = rows.scrollHeight;
    });
    await table.locator('tbody tr[aria-rowindex="1001"]').waitFor();
    expect(await table.locator("tbody tr").count()).toBeLessThan(60);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("of a thousand positions only those whose price moved are drawn anew", async () => {
    const url = await serve({ auth: "off" });
    await holdThousand(api);
    const { page } = await openPage(browser, url, { viewport: { width: 1440, height: 900 } });
    await page.locator('[data-light="page"][data-state="good"]').waitFor();
    const first = page.locator(".panel-positions tbody tr", { hasText: "P1000" });
    await first.locator(".col-last", { hasText: "100.00" }).waitFor();
    const callsOf = await callCounter(page);
    await page.evaluate(WATCH_ROWS);
    await callsOf("render");

    // The largest are in sight: P1000, and none of the 49 that move with it.
    await api.store.queries`UPDATE marks SET last = 555, at = now()
      WHERE instrument_id = 'SIM:P1000'
         OR instrument_id IN (SELECT 'SIM:P' || n FROM generate_series(1, 49) n)`;
    await first.locator(".col-last", { hasText: "555.00" }).waitFor();
    const drawn = await callsOf("render");
    expect(drawn).toBeGreaterThan(0);
    // A page that waits longer tells its clock more often; the 49 out of sight are not among them.
    expect(drawn).toBeLessThan(40);
    const touched = await page.evaluate<string[]>("[...window.touched]");
    // The clock moves the ages of the others, and says when a price is old.
    const others = touched.filter((each) => !/^P1000 |col-age$|col-last$/.test(each));
    expect(others).toEqual([]);
    expect(touched).toContain("P1000 col-pnl");
    await page.context().close();
  });
});

const BADGE_COLOUR = 'getComputedStyle(document.querySelector(".mode-badge")).backgroundColor';

/** How often the page's own functions ran since the last look: counted by the browser, not timed. */
async function callCounter(page: Page): Promise<(name: string) => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Profiler.enable");
  await session.send("Profiler.startPreciseCoverage", { callCount: true });
  return async (name) => {
    const { result } = await session.send("Profiler.takePreciseCoverage");
    const functions = result.flatMap((script) => script.functions);
    return functions
      .filter(({ functionName }) => functionName === name)
      .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  };
}

/** What a table's rows did to the document: the symbol of the row and the column, once each. */
const WATCH_ROWS = `(() => {
  window.touched = new Set();
  const body = document.querySelector('table[aria-label="Positions"] tbody');
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const near = target instanceof Element ? target : target.parentElement;
      const symbol = near?.closest("tr")?.querySelector(".symbol")?.textContent ?? "the table";
      window.touched.add(symbol + " " + (near?.closest("td")?.className.split(" ")[0] ?? "row"));
    }
  }).observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

/** Rows as the worker would fold them: the page cannot tell. */
async function holdThousand({ store, api }: ApiUnderTest): Promise<void> {
  const sql = store.queries;
  await sql`
    INSERT INTO instruments SELECT (jsonb_populate_record(i,
      jsonb_build_object('id', 'SIM:P' || n, 'symbol', 'P' || n))).*
    FROM instruments i, generate_series(1, 1000) n WHERE i.id = 'SIM:AAPL'`;
  await sql`
    INSERT INTO position_states (account_id, instrument_id, partition, qty, cost_basis,
      realized_gross, fees, opened_at, updated_at, version)
    SELECT a.id, 'SIM:P' || n, a.partition, n, n * 100, 0, 0, now(), now(), 1
    FROM accounts a, generate_series(1, 1000) n`;
  await sql`
    INSERT INTO marks (instrument_id, bid, ask, last, at)
    SELECT 'SIM:P' || n, 99.99, 100.01, 100, now() FROM generate_series(1, 1000) n`;
  await api.world.refresh();
}
