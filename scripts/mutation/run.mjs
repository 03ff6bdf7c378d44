// Mutation testing of the core, room by room: `npm run mutation`, or `npm run mutation -- order risk`.
// Each room is judged by its own tests alone. Stryker needs Node 22 and some 180 packages, and cannot read the
// tsconfig.json of TypeScript 7: so it works on a copy in the cache, and nobody else has to install it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const STRYKER = ["@stryker-mutator/core@10.1.1", "@vitest/expect@4.1.2"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const copy = join(cache, "fillstream", "mutation");
const report = join(copy, "reports", "mutation", "mutation.json");
const stryker = join(copy, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
const kept = join(copy, "kept");

/** Tables of data are left out: a mutant of a holiday is no fault of logic. */
const rooms = {
  order: { files: /^order\//, tests: ["order"], properties: "order" },
  position: { files: /^position\//, tests: ["position"], properties: "position" },
  risk: { files: /^risk\//, tests: ["risk"], properties: "risk" },
  calendar: { files: /^calendar\/[^/]+$/, tests: ["calendar"], properties: "calendar" },
  decide: { files: /^decide\//, tests: ["decide", "book"], properties: "book" },
  book: {
    files: /^((decimal|whole|elapsed|mark-table|market|instrument|apply|partition)\.ts$|apply\/)/,
    tests: ["decimal", "market", "book", "decide", "order"],
    properties: "decimal*",
  },
  words: {
    files:
      /^(codec\/|(quotation|rate-table|number-text|trading-state|trace-context|decide|signal)\.ts$)/,
    tests: ["codec", "market", "decide", "risk"],
    properties: "packed-verdicts",
  },
};

/** Files judged by one call: a call costs a start of all tests, and a stop loses what it has not finished. */
const LINES_A_CALL = 1_500;

const asked = process.argv.slice(2);
const unknown = asked.filter((room) => !(room in rooms));
if (unknown.length > 0) {
  console.error(`No such room: ${unknown.join(", ")}. There are ${Object.keys(rooms).join(", ")}.`);
  process.exit(1);
}

const chosen = asked.length > 0 ? asked : Object.keys(rooms);
prepareCopy();
// The quick tests judge every mutant; what they miss is shown to the property tests, which are slow.
for (const room of chosen) judgeByUnits(rooms[room]);
for (const room of chosen) judgeByProperties(rooms[room]);
for (const room of chosen) console.log(summary(room));

function prepareCopy() {
  mkdirSync(kept, { recursive: true });
  const isReady = existsSync(stryker) && isSameText("package-lock.json");
  for (const name of ["src", "test", "package.json", "package-lock.json"]) {
    rmSync(join(copy, name), { recursive: true, force: true });
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  for (const name of ["stryker.config.json", "room-runner.mjs", "test-frame.mjs"]) {
    cpSync(join(root, "scripts", "mutation", name), join(copy, name));
  }
  if (isReady) return;
  npm("ci", "--ignore-scripts", "--include=dev");
  npm("install", "--no-save", "--ignore-scripts", ...STRYKER);
}

function isSameText(name) {
  const there = join(copy, name);
  return (
    existsSync(there) && readFileSync(there, "utf8") === readFileSync(join(root, name), "utf8")
  );
}

function npm(...args) {
  const script = process.env.npm_execpath;
  if (script === undefined) throw new Error("Call this with `npm run mutation`.");
  run([script, ...args, "--no-audit", "--no-fund"], process.env);
}

/** A file that is as it was when it was judged keeps what was found: only what lived on is asked again. */
function judgeByUnits(room) {
  const files = filesOf(room);
  const known = files.filter((file) => readKept(file) !== null);
  for (const group of groupsOf(files.filter((file) => !known.includes(file)))) {
    const found = mutantsOf(ask(group.join(","), unitsOf(room)));
    for (const file of group) keep(file, found);
  }
  askAgain(known, unitsOf(room));
}

function judgeByProperties(room) {
  askAgain(filesOf(room), `test/property/${room.properties}.test.ts`);
}

function unitsOf({ tests }) {
  return tests.map((test) => `test/unit/${test}/**/*.test.ts`).join(",");
}

function askAgain(files, tests) {
  const judged = files.flatMap((file) => readKept(file).map((mutant) => [file, mutant]));
  const missed = judged.filter(([, { status }]) => isMissed(status));
  if (missed.length === 0) return;
  const found = new Set(
    mutantsOf(ask(missed.map(placeOf).join(","), tests))
      .filter(([, { status }]) => isFound(status))
      .map(([file, mutant]) => keyOf(file, mutant)),
  );
  for (const [file, mutant] of missed) {
    if (found.has(keyOf(file, mutant))) mutant.status = "Killed";
  }
  for (const file of files) keep(file, judged);
}

function placeOf([file, { location }]) {
  const { start, end } = location;
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}

function filesOf({ files }) {
  return readdirSync(join(root, "src", "domain"), { recursive: true })
    .filter((name) => name.endsWith(".ts") && files.test(name))
    .sort()
    .map((name) => `src/domain/${name}`);
}

function groupsOf(files) {
  const groups = [];
  let lines = LINES_A_CALL;
  for (const file of files) {
    const more = readFileSync(join(copy, file), "utf8").split("\n").length;
    if (lines + more > LINES_A_CALL) {
      groups.push([]);
      lines = 0;
    }
    groups.at(-1).push(file);
    lines += more;
  }
  return groups;
}

function keptAt(file) {
  const text = readFileSync(join(copy, file), "utf8");
  const hash = createHash("sha256").update(file).update(text).digest("hex").slice(0, 16);
  return join(kept, `${hash}.json`);
}

function readKept(file) {
  const at = keptAt(file);
  return existsSync(at) ? JSON.parse(readFileSync(at, "utf8")) : null;
}

function keep(file, judged) {
  const mutants = judged.filter(([of]) => of === file).map(([, mutant]) => mutant);
  writeFileSync(keptAt(file), JSON.stringify(mutants));
}

function ask(mutate, tests) {
  run([stryker, "run", "--mutate", mutate], { ...process.env, FILLSTREAM_MUTATION_TESTS: tests });
  return JSON.parse(readFileSync(report, "utf8"));
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
  const mutants = filesOf(rooms[room]).flatMap((file) => readKept(file).map((one) => [file, one]));
  const missed = mutants.filter(([, { status }]) => isMissed(status));
  const found = mutants.filter(([, { status }]) => isFound(status)).length;
  const score = ((100 * found) / (found + missed.length)).toFixed(1);
  const lines = missed.map(([file, { location, replacement }]) => {
    return `  ${file}:${location.start.line} ${replacement?.replace(/\s+/g, " ").slice(0, 80)}`;
  });
  const head = `${room}: ${score} % of ${found + missed.length}; ${missed.length} live on`;
  return [...lines, head].join("\n");
}
