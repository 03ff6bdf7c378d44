// Compiles src to dist, and the dashboard to dist/dashboard, each when a source of it is newer than its
// last build.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// What is built runs on the mended driver, also when nothing has to be built.
import "./mend-postgres.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const fresh = join(root, `dist.${process.pid}`);
const dashboard = join(root, "src", "dashboard");

const server = {
  stamp: ".built",
  inputs: ["src", "package.json", "package-lock.json", "tsconfig.build.json", "scripts"],
  leftOut: [dashboard],
  make: () =>
    run(join("typescript", "bin", "tsc"), [
      "-p",
      join(root, "tsconfig.build.json"),
      "--outDir",
      fresh,
    ]),
};
const page = {
  stamp: join("dashboard", ".built"),
  inputs: ["src/dashboard", "vite.config.ts", "package-lock.json", "scripts"],
  leftOut: [],
  make: () =>
    run(join("vite", "bin", "vite.js"), [
      "build",
      "--logLevel",
      "warn",
      "--outDir",
      join(fresh, "dashboard"),
    ]),
};

/** The newest change of a file, or of anything in a folder; removals change the folder itself. */
function newest(path, leftOut) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path)
    .map((name) => join(path, name))
    .filter((each) => !leftOut.includes(each));
  return Math.max(found.mtimeMs, ...inside.map((each) => newest(each, leftOut)));
}

function isBuilt({ stamp, inputs, leftOut }) {
  const path = join(dist, stamp);
  if (!existsSync(path)) return false;
  const built = statSync(path).mtimeMs;
  return inputs.every((each) => newest(join(root, each), leftOut) < built);
}

function run(tool, args) {
  const script = join(root, "node_modules", tool);
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ["inherit", 2, 2],
  });
  if (status === 0) return;
  rmSync(fresh, { recursive: true, force: true });
  process.exit(status ?? 1);
}

function make({ stamp, make: compile }) {
  const began = new Date();
  compile();
  writeFileSync(join(fresh, stamp), "");
  utimesSync(join(fresh, stamp), began, began);
}

/** What is still current is taken over as it is. */
function keep({ stamp }) {
  const isPage = stamp === page.stamp;
  const from = isPage ? join(dist, "dashboard") : dist;
  const to = isPage ? join(fresh, "dashboard") : fresh;
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!isPage && name === "dashboard") continue;
    cpSync(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true });
  }
}

/** Made aside and renamed: what a removed source left behind goes, and a running process finds its files. */
function build(isForced) {
  const stale = [server, page].filter((each) => isForced || !isBuilt(each));
  if (stale.length === 0) return;
  for (const each of [server, page]) (stale.includes(each) ? make : keep)(each);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

build(process.argv.includes("--force"));
