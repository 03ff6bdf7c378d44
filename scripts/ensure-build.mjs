// Compiles src to dist when a source is newer than the last build.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const stamp = join(dist, ".built");
const inputs = ["src", "package.json", "package-lock.json", "tsconfig.build.json", "scripts"];

/** The newest change of a file, or of anything in a folder; removals change the folder itself. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isBuilt() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return inputs.every((path) => newest(join(root, path)) < built);
}

/** Made aside and renamed: what a removed source left behind goes, and a running process finds its files. */
function build() {
  const began = new Date();
  const fresh = join(root, `dist.${process.pid}`);
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", fresh];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.exit(status ?? 1);
  }
  writeFileSync(join(fresh, ".built"), "");
  utimesSync(join(fresh, ".built"), began, began);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

if (process.argv.includes("--force") || !isBuilt()) build();
