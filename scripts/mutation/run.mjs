// Mutation testing of the core, room by room: `npm run mutation`, or `npm run mutation -- order risk`.
// Each room is judged by its own tests alone. Stryker needs Node 22 and some 180 packages, and cannot read the
// tsconfig.json of TypeScript 7: so it works on a copy in the cache, and nobody else has to install it.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  order: { mutate: "src/domain/order/*.ts", tests: ["order"], properties: "order" },
  position: { mutate: "src/domain/position/*.ts", tests: ["position"], properties: "position" },
  risk: { mutate: "src/domain/risk/**/*.ts", tests: ["risk"], properties: "risk" },
  calendar: { mutate: "src/domain/calendar/*.ts", tests: ["calendar"], properties: "calendar" },
  decide: { mutate: "src/domain/decide/*.ts", tests: ["decide", "book"], properties: "book" },
  book: {
    mutate: "src/domain/{decimal,elapsed,mark-table,market,instrument,apply,partition}.ts",
    tests: ["decimal", "market", "book", "decide", "order"],
    properties: "decimal",
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

/** The quick tests judge every mutant; what they miss is shown to the property tests, which are slow. */
function judge(room, { mutate, tests, properties }) {
  const units = tests.map((test) => `test/unit/${test}/**/*.test.ts`).join(",");
  const report = ask(mutate, units);
  const missed = mutantsOf(report).filter(([, { status }]) => isMissed(status));
  if (missed.length > 0) {
    const places = missed.map(
      ([
        file,
        {
          location: { start, end },
        },
      ]) => {
        return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
      },
    );
    const second = ask(places.join(","), `test/property/${properties}.test.ts`);
    const found = new Set(
      mutantsOf(second)
        .filter(([, { status }]) => isFound(status))
        .map(([file, mutant]) => keyOf(file, mutant)),
    );
    for (const [file, mutant] of missed) {
      if (found.has(keyOf(file, mutant))) mutant.status = "Killed";
    }
  }
  writeFileSync(join(reports, `${room}.json`), JSON.stringify(report));
}

function ask(mutate, tests) {
  const stryker = join(copy, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  run([stryker, "run", "--mutate", mutate], { ...process.env, FILLSTREAM_MUTATION_TESTS: tests });
  return JSON.parse(readFileSync(join(reports, "mutation.json"), "utf8"));
}

function mutantsOf({ files }) {
  return Object.entries(files).flatMap(([file, { mutants }]) => mutants.map((one) => [file, one]));
}

function keyOf(file, { location, mutatorName, replacement }) {
  return JSON.stringify([file, location, mutatorName, replacement]);
}

function isFound(status) {
  return status === "Killed" || status === "Timeout";
}

function isMissed(status) {
  return status === "Survived" || status === "NoCoverage";
}

function run(args, env) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: copy, stdio: "inherit", env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function summary(room) {
  const mutants = mutantsOf(JSON.parse(readFileSync(join(reports, `${room}.json`), "utf8")));
  const missed = mutants.filter(([, { status }]) => isMissed(status));
  const found = mutants.filter(([, { status }]) => isFound(status)).length;
  const score = ((100 * found) / (found + missed.length)).toFixed(1);
  const lines = missed.map(([file, { location, replacement }]) => {
    return `  ${file}:${location.start.line} ${replacement?.replace(/\s+/g, " ").slice(0, 80)}`;
  });
  const ignored = mutants.filter(([, { status }]) => status === "Ignored").length;
  const head = `${room}: ${score} % of ${found + missed.length}; ${missed.length} live on, ${ignored} static ones left out`;
  return [...lines, head].join("\n");
}
