// The tests that the mutation run asks: those of one room of the core, named by FILLSTREAM_MUTATION_TESTS,
// so that one mutant costs less than a second.
import { defineConfig } from "vitest/config";

const patterns = process.env["FILLSTREAM_MUTATION_TESTS"] ?? "test/unit/order/**/*.test.ts";

export default defineConfig({
  test: {
    setupFiles: ["./test/support/setup.ts"],
    include: patterns.split(","),
    testTimeout: 60_000,
  },
});
