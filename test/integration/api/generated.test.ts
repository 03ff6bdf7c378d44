// A hundred thousand requests that nobody thought of: no 5xx, no crash, no secret in the log, no
// answer that the API's own document does not promise, and memory that stays where it was.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROUTES } from "../../../src/api/routes.ts";
import { apiUnderTest, type ApiUnderTest } from "../../support/api.ts";
import { RequestGenerator } from "../../support/generated-requests.ts";

const SEED = 20_261_120;
const COUNT = 100_000;
const AT_ONCE = 32;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ admission: { maxInFlight: 10_000, maxOldestMs: 1e12 } });
});
afterAll(() => api.drop());

// A stream has no end to wait for, and a page of documentation no surprises.
const LEFT_OUT = new Set(["stream", "docs", "docsStyle", "openapi", "metrics"]);
const routes = ROUTES.filter(({ operation }) => !LEFT_OUT.has(operation));

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

it(`answers ${COUNT} requests of seed ${SEED}`, { timeout: 600_000 }, async () => {
  const generator = new RequestGenerator(SEED, routes);
  const statuses = new Map<number, number>();
  let heapEarly = 0;
  for (let sent = 0; sent < COUNT; sent += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, () => generator.next());
    await Promise.all(
      requests.map(async ({ method, path, body, headers }) => {
        const answer = await api.send(method, path, body, headers);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status >= 500) {
          throw new Error(`${answer.status} for ${method} ${path} ${body}: ${answer.text}`);
        }
      }),
    );
    if (heapEarly === 0 && sent > COUNT / 5) heapEarly = heapMegabytes();
  }
  expect(heapMegabytes() - heapEarly).toBeLessThan(40);
  // Enough of them did something: a test of refusals alone would prove little.
  expect(statuses.get(202) ?? 0).toBeGreaterThan(COUNT / 100);
  expect(api.logged()).not.toMatch(/whsec_|fs_[0-9a-f]{8}_/);
  expect(api.logged()).not.toContain('"level":"error"');
});
