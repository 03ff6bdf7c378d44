// Installs what the lock file names when it is not there, with nothing but what Node brings itself.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const OLDEST_NODE = [20, 19];
const LOCK_WAIT_MS = 10 * 60 * 1000;

/** Says in one sentence when this Node is too old, before anything fails in a stranger way. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Fillstream needs Node ${OLDEST_NODE.join(".")} or newer; this is Node ${process.versions.node}.`,
  );
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

/** What npm wrote about its last install, compared with what the lock file asks for. */
function isInstalled() {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const present = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const isOptional = optional === true || devOptional === true;
    const found = present[path];
    // Optional packages of other platforms are rightly absent, and so is the project itself.
    return path === "" || (found === undefined ? isOptional : found.version === version);
  });
}

function npm(...args) {
  const script = process.env.npm_execpath;
  const [command, first] = script ? [process.execPath, [script]] : ["npm", []];
  const all = [...first, ...args, "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  return spawnSync(command, all, { cwd: root, stdio: ["inherit", 2, 2] }).status === 0;
}

function install() {
  console.error("Installing what package-lock.json names …");
  // A registry that lacks the packages of some other platform makes `npm ci` refuse.
  if (npm("ci") || npm("install", "--no-save")) return;
  fail("The packages could not be installed: see npm's lines above.");
}

/** `npm start` and `npm test` in the same fresh clone must not install over each other. */
function withLock(section) {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = join(tmpdir(), `fillstream-install-${name}`);
  const draft = `${lock}.${process.pid}`;
  const end = Date.now() + LOCK_WAIT_MS;
  writeFileSync(draft, String(process.pid));
  try {
    while (!take(draft, lock)) {
      if (Date.now() > end) fail(`Another install holds ${lock}; remove it when none runs.`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    section();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(draft, lock) {
  try {
    linkSync(draft, lock);
    return true;
  } catch {
    if (!ownerLives(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function ownerLives(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

requireNode();
if (!isInstalled()) {
  withLock(() => {
    if (!isInstalled()) install();
  });
}
