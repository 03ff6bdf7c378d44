// The tests run on the mended driver, also when nobody has built.
import "./scripts/mend-postgres.mjs";
import { defineConfig } from "vitest/config";

// The reporter of vitest 5 groups failures with Map.groupBy, which Node 20 lacks: without this a
// failing test would end in a crash that hides its own message.
if (!("groupBy" in Map)) Object.assign(Map, { groupBy });

function groupBy<Key, Item>(
  items: Iterable<Item>,
  keyOf: (item: Item, index: number) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Suites that start real servers run their files one after the other; pure ones run side by side. */
const suite = (name: string, options: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});
const DAY = "test/simulation/day/*.test.ts";
const slow = { testTimeout: 120_000, hookTimeout: 120_000 };
/** One PostgreSQL and one Redis for all of these, started only when one of them runs. */
const withServers = { ...slow, globalSetup: ["./test/support/servers.ts"] };

export default defineConfig({
  test: {
    pool: "forks",
    setupFiles: ["./test/support/setup.ts"],
    projects: [
      suite("unit"),
      suite("property", { testTimeout: 60_000 }),
      suite("contract", withServers),
      suite("integration", withServers),
      suite("simulation", { ...slow, maxWorkers: 2, exclude: [DAY] }),
      // The faults wait for most of their time, and the day computes: side by side, after the rest.
      suite("day", { ...slow, include: [DAY], sequence: { groupOrder: 1 } }),
      suite("faults", { ...slow, testTimeout: 600_000, sequence: { groupOrder: 1 } }),
      suite("e2e", { ...withServers, fileParallelism: false }),
    ],
  },
});
