// Checks that the lock file names every optional package, also those of platforms other than this one:
// `npm i` leaves out what a registry lacks, and `npm ci` then refuses, on other machines first.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => `${name}@${version}, which ${path || "package.json"} asks for`),
);

/** npm looks beside the package first, then in every folder above it. */
function isLocked(path, name) {
  const above = path.split("/node_modules/").map((_, index, parts) => parts.slice(0, index + 1));
  const places = above.map((parts) => `${parts.join("/node_modules/")}/node_modules/${name}`);
  return [`node_modules/${name}`, ...places].some((place) => lock.packages[place] !== undefined);
}

if (missing.length > 0) {
  console.error(`package-lock.json misses ${missing.length} packages of other platforms:`);
  console.error(missing.map((each) => `  ${each}`).join("\n"));
  console.error("Choose a version of which the registry has every platform.");
  process.exit(1);
}
