// The little of a test framework that the core's tests use: they are collected by calling the bundle, and run
// one after the other in this process, where a mutant costs milliseconds instead of a start of everything.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  addCustomEqualityTesters,
  ASYMMETRIC_MATCHERS_OBJECT,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  JEST_MATCHERS_OBJECT,
  setState,
} from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const { expect } = chai;
expect.addEqualityTesters = addCustomEqualityTesters;
expect.addSnapshotSerializer = () => undefined;
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false }, expect);
expect.extend(expect, customMatchers);

/** Collects what one call of the bundle declares. `snapshots` are the files that a test may compare with. */
export function collect(bundle, snapshots) {
  globalThis[JEST_MATCHERS_OBJECT].customEqualityTesters.length = 0;
  expect.extend(expect, {
    toMatchFileSnapshot: (text, name) => compare(text, name, snapshots),
  });
  const tests = [];
  let suite = { name: "", hooks: hooksOf(null), skipped: false };

  function describe(name, body) {
    inSuite(name, body, false);
  }
  function inSuite(name, body, skipped) {
    const outer = suite;
    suite = {
      name: `${outer.name}${String(name?.name ?? name)} `,
      hooks: hooksOf(outer.hooks),
      skipped: outer.skipped || skipped,
    };
    body();
    suite = outer;
  }
  function test(name, body, more) {
    const run = typeof body === "function" ? body : more;
    const { hooks, skipped } = suite;
    if (!skipped) tests.push({ name: `${suite.name}${name}`, run, hooks });
  }
  const skip = () => undefined;
  Object.assign(describe, {
    each: (cases) => (name, body) =>
      eachCase(cases, (args, index) => describe(titled(name, args, index), () => body(...args))),
    skip,
    runIf: (condition) => (condition ? describe : skip),
    skipIf: (condition) => (condition ? skip : describe),
  });
  Object.assign(test, {
    each: (cases) => (name, body) =>
      eachCase(cases, (args, index) => test(titled(name, args, index), () => body(...args))),
    skip,
    runIf: (condition) => (condition ? test : skip),
    skipIf: (condition) => (condition ? skip : test),
  });
  const hook = (kind) => (body) => suite.hooks[kind].push(body);
  bundle({
    describe,
    test,
    it: test,
    expect,
    beforeEach: hook("before"),
    afterEach: hook("after"),
    beforeAll: hook("first"),
    afterAll: hook("last"),
  });
  return withIds(tests);
}

/** Runs one test with its hooks; what it throws is its failure. Hooks for all run before the first one asked. */
export async function runTest({ run, hooks }) {
  const chain = [];
  for (let at = hooks; at !== null; at = at.outer) chain.unshift(at);
  for (const level of chain) {
    if (level.started) continue;
    level.started = true;
    for (const body of level.first) await body();
  }
  for (const level of chain) for (const body of level.before) await body();
  try {
    await run();
  } finally {
    for (const level of chain.toReversed()) for (const body of level.after) await body();
  }
}

function hooksOf(outer) {
  return { outer, started: false, before: [], after: [], first: [], last: [] };
}

function eachCase(cases, declare) {
  cases.forEach((one, index) => declare(Array.isArray(one) ? one : [one], index));
}

/** Titles need only be told apart, so cases carry their number instead of what they hold. */
function titled(name, _args, index) {
  return `${String(name?.name ?? name)} #${index}`;
}

function withIds(tests) {
  const seen = new Map();
  return tests.map((test) => {
    const count = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, count);
    return { ...test, id: count === 1 ? test.name : `${test.name} (${count})` };
  });
}

function compare(text, name, snapshots) {
  const path = snapshots.find((one) => basename(one) === name);
  const pass = path !== undefined && readFileSync(path, "utf8") === text;
  return { pass, message: () => `it differs from ${name}` };
}
