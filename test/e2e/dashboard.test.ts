// The built page in a real browser, on the real stack with the simulated exchange.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, openBrowser, openPage, sayWhenSkipped } from "../support/browser.ts";
import { seriousViolations, type Opened } from "../support/browser.ts";
import {
  build,
  fillstream,
  start,
  temporaryDirectory,
  until,
  type Start,
} from "../support/fillstream.ts";

sayWhenSkipped("the dashboard in a real browser");

describe.skipIf(!browserIsThere)("the dashboard in a real browser", () => {
  const directory = temporaryDirectory();
  let running: Start;
  let browser: Browser;
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    build();
    running = await start(directory.path);
    await running.ready();
    // Prices stand still, so that what moves on the page moves because a test moved it.
    await control("/prices", { AAPL: "200", MSFT: "400" });
    browser = await openBrowser();
    opened = await openPage(browser, running.url, { viewport: { width: 1440, height: 900 } });
    page = opened.page;
    await light("page", "good");
  });
  afterAll(async () => {
    await browser?.close();
    running?.process.kill("SIGTERM");
    await running?.ended();
    directory.remove();
  });

  async function control(path: string, body: unknown): Promise<void> {
    const response = await fetch(`${running.env()["ALPACA_BASE_URL"]}/control${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(300);
  }

  async function signal(body: object): Promise<string> {
    const response = await fetch(`${running.url}/api/v1/trading/signal`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  }

  async function resume(reason: string): Promise<void> {
    await page.getByRole("button", { name: "Resume" }).click();
    await page.locator(".dialog input[name=reason]").fill(reason);
    await page.getByRole("button", { name: "Resume trading" }).click();
    await page.locator('.trading[data-state="active"]').waitFor();
  }

  const light = (name: string, state: string): Promise<void> =>
    page.locator(`[data-light="${name}"][data-state="${state}"]`).waitFor();
  const position = (symbol: string): Locator =>
    page.locator(".panel-positions tbody tr", { hasText: symbol });
  const order = (symbol: string, status: string): Locator =>
    page.locator(".panel-orders tbody tr", { hasText: symbol }).filter({ hasText: status });
  const summary = (text: string): Locator => page.locator(".panel-signals li", { hasText: text });

  test("a signal appears, fills, and its position moves with the price", async () => {
    await signal({ symbol: "AAPL", side: "buy", qty: 10, strategy: "first" });
    await summary("Buy 10 AAPL at the market was filled").waitFor();
    await order("AAPL", "filled").first().waitFor();
    await position("AAPL").locator(".col-value", { hasText: "2,000.00" }).waitFor();

    await control("/prices", { AAPL: "230.5" });
    await position("AAPL").locator(".col-last", { hasText: "230.50" }).waitFor();
    await position("AAPL").locator(".col-value", { hasText: "2,305.00" }).waitFor();
    await position("AAPL")
      .locator(".col-pnl .gain", { hasText: /^\+30\d/ })
      .waitFor();
    await page.locator('[data-figure="day-pnl"]', { hasText: /^\+30\d/ }).waitFor();
  });

  test("an order opens its whole story", async () => {
    await order("AAPL", "filled").first().locator("a").click();
    const drawer = page.locator(".drawer");
    await drawer.getByText("was filled: 10 at").waitFor();
    for (const type of ["order_placed", "order_submitted", "order_accepted", "order_executed"]) {
      await drawer.locator(`[data-type="${type}"]`).waitFor();
    }
    await drawer.locator('[data-rule="max_position_size_usd"][data-result="pass"]').waitFor();
    expect(await drawer.locator(".moment .gap").allInnerTexts()).toContainEqual(
      expect.stringMatching(/^\+\d+ ms$/),
    );
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
  });

  test("a symbol opens its price with the executions on it", async () => {
    await position("AAPL").locator("a").click();
    const chart = page.locator(".drawer .chart");
    await chart.and(page.getByLabel("with 1 execution on it")).waitFor();
    expect(await chart.locator("canvas").count()).toBe(1);
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
  });

  test("a limit edited by SQL shows, and one edited here is refused by the database's own words", async () => {
    const limit = page.locator('[data-limit="max_position_size_usd"]');
    await limit.getByText("10,000").waitFor();
    const update = "UPDATE configs SET value = '21000' WHERE key = 'max_position_size_usd'";
    const slip = await fillstream(["sql", update], { FILLSTREAM_DATA: directory.path });
    expect(slip.code).toBe(0);
    await limit.getByText("21,000").waitFor();

    await limit.locator("a").click();
    const value = page.locator('.drawer input[name="value"]');
    await value.fill("-5");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".drawer .outcome-refused").waitFor();
    await value.fill("22000");
    await page.getByRole("button", { name: "Save" }).click();
    await limit.getByText("22,000").first().waitFor();
    await page.locator(".drawer").getByText("21000 → 22000").waitFor();
    await page.keyboard.press("Escape");
  });

  test("the ticket shows every verdict before anything is sent, and sends", async () => {
    await page.keyboard.press("n");
    await page.locator(".ticket input[name=symbol]").fill("MSFT");
    await page.locator(".ticket input[name=amount]").fill("900");
    const preview = page.locator(".preview");
    await preview.and(page.locator('[data-outcome="rejected"]')).waitFor();
    await preview.locator('[data-rule="max_order_qty_stock"][data-result="refuse"]').waitFor();

    await page.locator(".ticket input[name=amount]").fill("2");
    await page.locator('.preview:not([data-outcome="rejected"])').waitFor();
    await page.getByRole("button", { name: "Buy 2 MSFT, market" }).click();
    await page.locator(".ticket .outcome-done").waitFor();
    await position("MSFT").waitFor();
    await page.keyboard.press("Escape");
  });

  test("stopping cancels entries, refuses the next one and lets an exit through", async () => {
    await signal({ symbol: "MSFT", side: "buy", qty: 3, limit_price: 380 });
    await order("MSFT", "working").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.locator(".dialog").getByText("1 open entry (MSFT) will be cancelled.").waitFor();
    await page.getByRole("button", { name: "Stop trading" }).click();
    await page.locator('.stop-report[data-settled="true"]').waitFor();
    await page.locator('[data-fate="Cancelled"]', { hasText: "1" }).waitFor();
    await page.getByText("Verified: no order is open.").waitFor();
    await page.locator(".dialog").getByRole("button", { name: "Close" }).click();
    await page.locator('.trading[data-state="reducing"]').waitFor();

    await signal({ symbol: "AAPL", side: "buy", qty: 1 });
    await summary("The signal to buy 1 AAPL was refused").waitFor();

    await page.getByRole("button", { name: "Close MSFT" }).click();
    await page.getByRole("button", { name: "Close position" }).click();
    await page.locator(".dialog .outcome-done").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await position("MSFT").waitFor({ state: "detached" });
  });

  test("the red button cancels resting entries of what is frozen too, and leaves it frozen", async () => {
    await resume("entries again");
    await signal({ symbol: "MSFT", side: "buy", qty: 2, limit_price: 370 });
    await order("MSFT", "working").waitFor();
    await page.getByRole("button", { name: "Freeze" }).click();
    await page.getByRole("button", { name: "Freeze everything" }).click();
    await page.locator('.stop-report[data-settled="true"]').waitFor();
    await page.locator('[data-fate="Left open"]', { hasText: "1" }).waitFor();
    await page.locator(".dialog").getByRole("button", { name: "Close" }).click();
    await page.locator('.trading[data-state="halted"]').waitFor();

    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("button", { name: "Stop trading" }).click();
    await page.locator('[data-fate="Cancelled"]', { hasText: "1" }).waitFor();
    await page.getByText("Verified: no order is open.").waitFor();
    await page.locator(".dialog").getByRole("button", { name: "Close" }).click();
    await page.locator('.trading[data-state="halted"]').waitFor();
  });

  test("resuming asks for a reason", async () => {
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Resume trading" }).click();
    expect(await page.locator(".dialog input:invalid").count()).toBe(1);
    await page.keyboard.press("Escape");
    await resume("the test goes on");
  });

  test("a killed API shows as lost, and comes back without a gap", async () => {
    await signal({ symbol: "AAPL", side: "buy", qty: 4, limit_price: 220 });
    await order("AAPL", "working").waitFor();
    const seen = await idsOnTape(page);
    const lost = page.locator(".banner-lost").waitFor();
    process.kill(partOf(running, "api"), "SIGKILL");
    await lost;
    expect(await page.locator(".page.is-stale").count()).toBe(1);
    expect(await page.locator('[data-light="engine"]').getAttribute("data-state")).toBe("unknown");

    // Filled by the exchange while nobody could tell the page.
    await control("/prices", { AAPL: "219" });
    await page.locator(".banner-lost").waitFor({ state: "detached" });
    await light("page", "good");
    await position("AAPL").locator(".col-qty", { hasText: "14" }).waitFor();
    await page.locator('.tape [data-type="order_executed"]', { hasText: "4 at" }).waitFor();
    await until(
      async () => gapsIn(await idsOnTape(page)).length === 0,
      () => "the tape has gaps",
    );
    expect(await idsOnTape(page)).toEqual(expect.arrayContaining([...seen]));
  });

  test("nothing on it is a serious barrier: tables, drawer, question; light, dark, narrow", async () => {
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator(".panel-orders .symbol").first().click();
    await page.locator(".drawer .timeline").waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    const others = [
      { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
      { colorScheme: "light", viewport: { width: 390, height: 844 } },
    ] as const;
    for (const options of others) {
      const other = await openPage(browser, running.url, options);
      await other.page.locator(".panel-positions tbody tr").first().waitFor();
      expect(await seriousViolations(other.page)).toEqual([]);
      const width = await other.page.locator("html").evaluate(({ scrollWidth }) => scrollWidth);
      expect(width).toBeLessThanOrEqual(options.viewport.width);
      await other.page.context().close();
    }
  });

  test("everything is reached by the keyboard alone", async () => {
    await page.locator("body").click({ position: { x: 2, y: 2 } });
    await page.locator(".panel-orders .symbol").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".drawer .timeline").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.locator("#order-symbol:focus").waitFor();
  });

  test("a key pressed as soon as a drawer is gone keeps the focus that it moved", async () => {
    await page.locator(".panel-orders .symbol").first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".drawer h2:focus").waitFor();
    expect(await page.evaluate(SLASH_AFTER_ESCAPE)).toBe("order-symbol");

    // From one order to another by its row: the focus goes back to the row that was opened last.
    const rows = page.locator(".panel-orders .symbol");
    for (const index of [0, 1]) {
      await rows.nth(index).focus();
      await page.keyboard.press("Enter");
      await page.locator(".drawer h2:focus").waitFor();
    }
    await page.keyboard.press("Escape");
    await page.locator(".drawer").waitFor({ state: "detached" });
    const href = await rows.nth(1).getAttribute("href");
    expect(await page.locator(":focus").getAttribute("href")).toBe(href);
  });

  test("it is small, loads nothing from elsewhere and runs nothing written into it", async () => {
    const response = await fetch(running.url, { headers: { "accept-encoding": "identity" } });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    for (const [, source] of policy.matchAll(/(?:-src|-uri|-action|-ancestors) ([^;]+)/g)) {
      expect(source).toMatch(/^('none'|'self'( data:)?)$/);
    }
    const folder = fileURLToPath(new URL("../../dist/dashboard/assets", import.meta.url));
    const files = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
    const sizes = files.map((name) => gzipSync(readFileSync(join(folder, name))).byteLength);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
    expect(opened.complaints).toEqual([]);
  });
});

/** Both keys between two paints, as on a busy machine; then what has the focus when all is drawn. */
const SLASH_AFTER_ESCAPE = `(async () => {
  const press = (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const gone = new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (document.querySelector(".drawer") !== null) return;
      observer.disconnect();
      resolve();
    }).observe(document.body, { childList: true, subtree: true });
  });
  press("Escape");
  await gone;
  press("/");
  for (let frame = 0; frame < 5; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  }
  return document.activeElement.id;
})()`;

function idsOnTape(page: Page): Promise<readonly string[]> {
  return page
    .locator(".tape [data-event]")
    .evaluateAll((entries) => entries.map((entry) => entry.getAttribute("data-event") ?? ""));
}

/** Events that a partition skipped between the first and the last one shown of it. */
function gapsIn(ids: readonly string[]): readonly string[] {
  const shown = new Set(ids);
  return ids.filter((id) => {
    const [partition = "", number = "0"] = id.split(".");
    const isFirst = !ids.some((other) => isBefore(other, partition, Number(number)));
    return !isFirst && !shown.has(`${partition}.${Number(number) - 1}`);
  });
}

function isBefore(id: string, partition: string, number: number): boolean {
  const [own, place] = id.split(".");
  return own === partition && Number(place) < number;
}

function partOf({ parts }: Start, name: string): number {
  const found = parts().find((pid) => {
    const command = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return command.trim().endsWith(` ${name}`);
  });
  if (found === undefined) throw new Error(`no part ${name}`);
  return found;
}
