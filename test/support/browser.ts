// A real browser for the dashboard: the system's Chromium, driven by playwright-core, which brings none of
// its own. Where there is none, its tests are skipped by name and say so.
import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const executable = PLACES.find((path) => path !== undefined && existsSync(path));

export const browserIsThere = executable !== undefined;

/** Loud, so that nobody takes a skipped proof for a passed one. */
export function sayWhenSkipped(suite: string): void {
  if (browserIsThere) return;
  console.warn(`SKIPPED: ${suite}: no Chromium here (apt install chromium, or set CHROMIUM_PATH).`);
}

export async function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error("there is no Chromium");
  // Chromium's own sandbox refuses to start as root, as which containers and CI run.
  return chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
}

export interface Opened {
  readonly page: Page;
  /** What the page complained about, and requests to any other host. */
  readonly complaints: readonly string[];
}

/** How long a thing that must come may take on a slow machine. */
const PATIENCE_MS = 60_000;

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    // A request that failed since the API was killed is told by the browser itself.
    const isNetwork = /Failed to load resource|ERR_/.test(message.text());
    if (message.type() === "error" && !isNetwork) complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(url).host) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

/** Violations that axe calls serious or critical, one line each. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    // Put into the page by the line above.
    const { axe: here } = globalThis as unknown as { axe: typeof axe };
    return (await here.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}
