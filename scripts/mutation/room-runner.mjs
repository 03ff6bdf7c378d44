// Stryker's test runner for the core: pure and synchronous code needs no process and no transformation for each
// mutant. All tests of a room are bundled once with the mutated sources; each mutant evaluates the bundle anew,
// so that nothing of the one before is left, and runs the tests that reach it until one fails.
import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { resolve } from "node:path";
import { Script } from "node:vm";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { DryRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";
import fc from "fast-check";
import { collect, runTest } from "./test-frame.mjs";

/** A counterexample need not be small, and the same ones every time. */
fc.configureGlobal({ endOnFailure: true, seed: 20_261_128 });

const NAMESPACE = "__stryker__";
const SHIM =
  "export const { describe, test, it, expect, beforeEach, afterEach, beforeAll, afterAll } = FRAME;";
const require = createRequire(import.meta.url);

class RoomRunner {
  #script;
  #snapshots;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const files = (process.env.FILLSTREAM_MUTATION_TESTS ?? "")
      .split(",")
      .flatMap((pattern) => globSync(pattern).sort());
    const entry = ["test/support/setup.ts", ...files].map(
      (file) => `import ${JSON.stringify(resolve(file))};`,
    );
    const { outputFiles } = await build({
      stdin: { contents: entry.join("\n"), resolveDir: process.cwd(), loader: "ts" },
      bundle: true,
      write: false,
      format: "iife",
      platform: "node",
      target: "node24",
      external: ["fast-check"],
      plugins: [{ name: "frame", setup: provideFrame }],
      logLevel: "error",
    });
    this.#script = new Script(`(function (FRAME, require) {${outputFiles[0].text}})`);
    this.#snapshots = globSync("test/unit/**/*.txt");
  }

  /**
   * Says which tests reach which mutants. Each test has a bundle of its own: where one found an answer that
   * another had left in a cache, it would not be said to reach what makes that answer, and never be asked.
   */
  async dryRun() {
    const stryker = (globalThis[NAMESPACE] = {});
    const ids = this.#load().map(({ id }) => id);
    const reachedByLoading = { ...stryker.mutantCoverage?.static };
    const results = [];
    for (const [index, id] of ids.entries()) {
      const test = this.#load()[index];
      stryker.currentTestId = id;
      results.push(await resultOf(test));
      stryker.currentTestId = undefined;
    }
    const { perTest } = stryker.mutantCoverage ?? { perTest: {} };
    const mutantCoverage = { static: reachedByLoading, perTest };
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }) {
    const stryker = (globalThis[NAMESPACE] = {
      hitCount: hitLimit === undefined ? undefined : 0,
      hitLimit,
    });
    const activate = () => (stryker.activeMutant = activeMutant.id);
    if (mutantActivation === "static") activate();
    let tests;
    try {
      tests = this.#load();
    } catch (error) {
      return { status: "killed", killedBy: ["load"], failureMessage: String(error), nrOfTests: 0 };
    }
    activate();
    const wanted = testFilter === undefined ? null : new Set(testFilter);
    const results = [];
    for (const test of tests) {
      if (wanted !== null && !wanted.has(test.id)) continue;
      const result = await resultOf(test);
      results.push(result);
      if (stryker.hitCount > hitLimit)
        return { status: "timeout", reason: "it goes round and round" };
      if (result.status === TestStatus.Failed && !disableBail) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
  }

  #load() {
    const evaluate = this.#script.runInThisContext();
    return collect((frame) => evaluate(frame, require), this.#snapshots);
  }

  async dispose() {}
}

async function resultOf(test) {
  const started = performance.now();
  const told = { id: test.id, name: test.id };
  try {
    await runTest(test);
    return { ...told, status: TestStatus.Success, timeSpentMs: performance.now() - started };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return {
      ...told,
      status: TestStatus.Failed,
      failureMessage,
      timeSpentMs: performance.now() - started,
    };
  }
}

function provideFrame({ onResolve, onLoad }) {
  onResolve({ filter: /^vitest$/ }, () => ({ path: "vitest", namespace: "frame" }));
  onLoad({ filter: /.*/, namespace: "frame" }, () => ({ contents: SHIM, loader: "js" }));
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "room", RoomRunner)];
