// Fetches the Redis of Debian or Ubuntu by name and unpacks it privately: no root, nothing installed.
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FETCH_TIMEOUT_MS = 60_000;
/** `redis-tools` holds the server too, as `redis-check-rdb`: it acts by the name it is called with. */
const PACKAGES = ["redis-tools", "libjemalloc2", "liblzf1"];

export interface UnpackedServer {
  readonly command: string;
  readonly libraryPath: string;
}

export function unpackedServer(directory: string): UnpackedServer | null {
  const command = join(directory, "usr", "bin", "redis-server");
  if (!existsSync(command)) return null;
  const libraries = join(directory, "usr", "lib");
  const names = existsSync(libraries) ? readdirSync(libraries) : [];
  const folders = names.filter((name) => name.includes("-linux-gnu"));
  return { command, libraryPath: folders.map((name) => join(libraries, name)).join(":") };
}

export function canFetchPackage(searchPath: readonly string[]): boolean {
  if (process.platform !== "linux") return false;
  const found = (name: string): boolean =>
    searchPath.some((folder) => existsSync(join(folder, name)));
  return found("apt-get") && found("dpkg-deb");
}

/** Leaves `directory` whole or absent; the package lists live in a state of their own. */
export async function fetchPackage(directory: string): Promise<void> {
  mkdirSync(dirname(directory), { recursive: true });
  const work = mkdtempSync(`${directory}.`);
  try {
    const root = await unpackInto(work);
    renameSync(root, directory);
  } catch (error) {
    // Another process may have been faster; then its copy serves.
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function unpackInto(work: string): Promise<string> {
  for (const folder of ["state/lists/partial", "cache/archives/partial", "packages", "root"]) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const settings = [
    `Dir::State=${join(work, "state")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${join(work, "cache")}`,
    "Debug::NoLocking=1",
    // As root, apt would drop to an account that cannot enter this directory.
    "APT::Sandbox::User=",
    "Acquire::Retries=1",
    "Acquire::http::Timeout=10",
    "Acquire::https::Timeout=10",
  ].flatMap((setting) => ["-o", setting]);
  const options = { cwd: join(work, "packages"), timeout: FETCH_TIMEOUT_MS };
  // One broken source of the host does not matter, as long as another one has the packages.
  await run("apt-get", [...settings, "-qq", "update"], options).catch(() => undefined);
  await run("apt-get", [...settings, "-qq", "download", ...PACKAGES], options);
  const root = join(work, "root");
  for (const name of readdirSync(options.cwd).filter((file) => file.endsWith(".deb"))) {
    await run("dpkg-deb", ["-x", join(options.cwd, name), root]);
  }
  const server = join(root, "usr", "bin", "redis-server");
  if (!existsSync(server)) symlinkSync("redis-check-rdb", server);
  return root;
}
