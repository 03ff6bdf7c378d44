// Checks who imports whom: every room of src by the table below, and that no files import in a circle.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  /** `import()`: loads when needed, so it makes no circle at start. */
  readonly isLazy: boolean;
  /** `import type`: gone when compiled. */
  readonly isType: boolean;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** What stands beside the rooms and may be used by the rooms named here; paths below src. */
const sharedFiles: Readonly<Record<string, readonly string[]>> = {
  "operator-error.ts": [
    "app",
    "worker",
    "api",
    "db",
    "bus",
    "brokers",
    "exchange",
    "embedded",
    "cli",
    "config",
  ],
  "version.ts": ["cli"],
  "log.ts": ["worker", "api", "bus", "brokers", "exchange", "embedded", "cli"],
  config: ["cli"],
  // Who holds a directory, asked the same way everywhere.
  "embedded/claim.ts": ["cli", "exchange"],
  "embedded/directory.ts": ["cli", "exchange"],
  embedded: ["cli"],
};

const rooms: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  app: ["ports", "domain"],
  worker: ["app", "ports", "domain"],
  api: ["app", "ports", "domain"],
  cli: ["app", "ports", "domain", "client"],
  // What it sends and is answered, by type alone.
  client: ["app", "api/answers"],
  db: ["ports", "domain"],
  bus: ["ports", "domain"],
  brokers: ["ports", "domain"],
  tracing: ["ports", "domain"],
  // A matching core that shared the order code would share its mistakes.
  exchange: ["domain/decimal.ts", "domain/ids.ts", "domain/instrument.ts", "domain/calendar"],
  embedded: [],
  config: [],
  // The page reads what the API answers; the types of both are the same.
  dashboard: ["api/answers"],
};

/** Packages that a room may use; a room that is not named may use any. */
const packages: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: [],
  app: ["zod"],
};

function sourceFiles(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']|\bimport\s*\(\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']/g;
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    const isOurs = name.startsWith(".");
    const to = isOurs ? posix.normalize(posix.join(dirname(file), name)) : name;
    const line = text.slice(0, match.index).split("\n").length + 1;
    const isType = /^\s*(?:import|export)\s+type\b/.test(match[0]);
    return { from: file, to, line, isLazy: match[2] !== undefined, isType };
  });
}

function roomOf(file: string): string {
  const [, first = "", second] = file.split("/");
  return second === undefined ? "" : first;
}

/** Why an import is wrong; null when it is right. */
function problemOf({ from, to, isLazy }: Import): string | null {
  const room = roomOf(from);
  const inSource = to.startsWith("src/");
  if (!inSource) return problemOfPackage(room, to);
  // Compose and the files beside the rooms know every room; so does a command, when it runs.
  const isCommand = from.startsWith("src/cli/") && isLazy;
  if (room === "" || room === "compose" || isCommand || isSameRoom(from, to)) return null;
  const target = to.slice("src/".length);
  const allowed = rooms[room];
  if (allowed === undefined)
    return `${room} is no room of src: add it to scripts/check-boundaries.ts`;
  if (allowed.some((path) => target === path || target.startsWith(`${path}/`))) return null;
  const shared = Object.entries(sharedFiles).find(
    ([path]) => target === path || target === `${path}.ts` || target.startsWith(`${path}/`),
  );
  if (shared?.[1].includes(room) === true) return null;
  return `${room} may not import ${target}`;
}

function isSameRoom(from: string, to: string): boolean {
  if (roomOf(from) !== roomOf(to)) return false;
  if (roomOf(from) !== "brokers") return true;
  // One broker never knows another; what all share lies beside their folders.
  const broker = (file: string): string => file.split("/")[2] ?? "";
  return broker(from) === broker(to) || broker(to).endsWith(".ts");
}

function problemOfPackage(room: string, name: string): string | null {
  const allowed = packages[room];
  if (allowed === undefined || allowed.includes(name)) return null;
  return `${room} may not use ${name}`;
}

/** The first circle of imports, as the files along it. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next);
      if (circle !== null) return circle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle !== null) return circle;
  }
  return null;
}

const files = sourceFiles("src");
const imports = files.flatMap(importsOf);
const problems = imports.flatMap((each) => {
  const problem = problemOf(each);
  return problem === null ? [] : [`${each.from}:${each.line} ${problem}`];
});
const eager = imports.filter(({ isLazy, isType }) => !isLazy && !isType);
const graph = new Map(
  files.map((file) => [file, eager.filter(({ from }) => from === file).map(({ to }) => to)]),
);
const circle = findCircle(graph);
if (circle !== null) problems.push(`a circle of imports: ${circle.join(" → ")}`);

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`${files.length} files, ${imports.length} imports: every one within its bounds.`);
