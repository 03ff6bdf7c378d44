// `npm run screenshots`: the pictures in docs/images, taken of the built page on a lively mock day.
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { openBrowser, openPage } from "../../support/browser.ts";
import { build, start, temporaryDirectory } from "../../support/fillstream.ts";
import { trade, trim } from "./trade.ts";

const SHOTS = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

const target = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/images/dashboard-${name}.png`, import.meta.url));

async function shoot(browser: Browser, places: { api: string; exchange: string }): Promise<void> {
  const pages = [];
  for (const { name, ...options } of SHOTS) {
    const { page } = await openPage(browser, places.api, { ...options, reducedMotion: "reduce" });
    await page.locator('[data-light="page"][data-state="good"]').waitFor();
    await page.locator(".panel-positions tbody tr").first().waitFor();
    pages.push({ name, page });
  }
  await trim(places);
  for (const { name, page } of pages) {
    // The curve begins with the second snapshot.
    await page.locator(".panel-equity canvas").waitFor({ timeout: 150_000 });
    await page.screenshot({ path: target(name) });
    console.log(`docs/images/dashboard-${name}.png`);
  }
}

const directory = temporaryDirectory();
build();
const running = await start(directory.path);
try {
  await running.ready();
  const places = { api: running.url, exchange: running.env()["ALPACA_BASE_URL"] ?? "" };
  await trade(places);
  const browser = await openBrowser();
  try {
    await shoot(browser, places);
  } finally {
    await browser.close();
  }
} finally {
  running.process.kill("SIGTERM");
  await running.ended();
  directory.remove();
}
