// Migrates in a process of its own, so that the parent, which stays, never loads the database's code.
import { spawn } from "node:child_process";
import { OperatorError } from "../../operator-error.ts";
import { OWN_PROGRAM } from "./own-program.ts";

export async function runMigration(environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, OWN_PROGRAM, "migrate"], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said += data.toString("utf8");
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new OperatorError(said.trim() || "The database could not be migrated.");
}
