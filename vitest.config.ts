import { defineConfig } from "vitest/config";

/** Suites that start real servers run their files one after the other; pure ones run side by side. */
const suite = (name: string, options: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});
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
      suite("simulation", slow),
      suite("faults", { ...withServers, fileParallelism: false, testTimeout: 600_000 }),
      suite("e2e", { ...withServers, fileParallelism: false }),
    ],
  },
});
