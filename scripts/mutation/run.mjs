// Mutation testing of the core, room by room: `npm run mutation`, or `npm run mutation -- order risk`.
// Each room is judged by its own tests. Stryker needs Node 22 and some 180 packages, and cannot read the
// tsconfig.json of TypeScript 7: so it works on a copy in the cache, and nobody else has to install it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STRYKER = ["@stryker-mutator/core@10.1.1", "@stryker-mutator/vitest-runner@10.1.1"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const copy = join(cache, "fillstream", "mutation");
const reports = join(copy, "reports", "mutation");

/** Tables of data are left out: a mutant of a holiday is no fault of logic. */
const rooms = {
  order: { mutate: "src/domain/order/*.ts", tests: ["order"] },
  position: { mutate: "src/domain/position/*.ts", tests: ["position"] },
  risk: { mutate: "src/domain/risk/**/*.ts", tests: ["risk"] },
  calendar: { mutate: "src/domain/calendar/*.ts", tests: ["calendar"] },
  decide: { mutate: "src/domain/decide/*.ts", tests: ["decide", "book"] },
  book: {
    mutate: "src/domain/{decimal,elapsed,mark-table,market,instrument,apply,partition}.ts",
    tests: ["decimal", "market", "book", "decide", "order"],
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((room) => !(room in rooms));
if (unknown.length > 0) {
  console.error(`No such room: ${unknown.join(", ")}. There are ${Object.keys(rooms).join(", ")}.`);
  process.exit(1);
}

const chosen = asked.length > 0 ? asked : Object.keys(rooms);
prepareCopy();
for (const room of chosen) judge(room, rooms[room]);
for (const room of chosen) console.log(summary(room));

function prepareCopy() {
  mkdirSync(reports, { recursive: true });
  for (const name of ["src", "test", "package.json", "package-lock.json"]) {
    rmSync(join(copy, name), { recursive: true, force: true });
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const name of ["stryker.config.json", "vitest.config.ts"]) {
    cpSync(join(root, "scripts", "mutation", name), join(copy, name));
  }
  npm("ci", "--ignore-scripts", "--include=dev");
  npm("install", "--no-save", "--ignore-scripts", ...STRYKER);
}

function npm(...args) {
  const script = process.env.npm_execpath;
  if (script === undefined) throw new Error("Call this with `npm run mutation`.");
  run([script, ...args, "--no-audit", "--no-fund"], process.env);
}

function judge(room, { mutate, tests }) {
  const patterns = tests.map((test) => `test/unit/${test}/**/*.test.ts`).join(",");
  const stryker = join(copy, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  run([stryker, "run", "--mutate", mutate], {
    ...process.env,
    FILLSTREAM_MUTATION_TESTS: patterns,
  });
  renameSync(join(reports, "mutation.json"), join(reports, `${room}.json`));
}

function run(args, env) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: copy, stdio: "inherit", env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function summary(room) {
  const path = join(reports, `${room}.json`);
  if (!existsSync(path)) return `${room}: no report`;
  const counts = { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, Ignored: 0 };
  for (const { mutants } of Object.values(JSON.parse(readFileSync(path, "utf8")).files)) {
    for (const { status } of mutants) counts[status] = (counts[status] ?? 0) + 1;
  }
  const found = counts.Killed + counts.Timeout;
  const all = found + counts.Survived + counts.NoCoverage;
  const score = ((100 * found) / all).toFixed(1);
  const rest = `${counts.Survived} survived, ${counts.NoCoverage} not reached, ${counts.Ignored} static ones left out`;
  return `${room}: ${score} % of ${all}; ${rest}`;
}
