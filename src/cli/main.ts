// `fillstream <command>`: finds the command's file, runs it, and turns what it throws into an exit code.
import { existsSync, readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { errorCode, OperatorError } from "../operator-error.ts";
import { VERSION } from "../version.ts";
import { UsageError, type Command } from "./command.ts";
import { withUsualWait } from "./desk/options.ts";

const folder = join(import.meta.dirname, "commands");
/** `.ts` when run from the sources, `.js` when compiled. */
const extension = extname(import.meta.filename);
const [DONE, FAILED, MISUSED] = [0, 1, 2];

async function main([name = "help", ...args]: string[]): Promise<number> {
  if (name === "--version" || name === "-V") {
    process.stdout.write(`fillstream ${VERSION}\n`);
    return DONE;
  }
  if (["help", "--help", "-h"].includes(name)) {
    const [about] = args;
    return about === undefined ? help() : main([about, "--help"]);
  }
  const file = join(folder, `${name}${extension}`);
  if (!/^[a-z-]+$/.test(name) || !existsSync(file)) {
    process.stderr.write(
      `fillstream has no command ${name}; \`fillstream help\` lists them all.\n`,
    );
    return MISUSED;
  }
  const command = await load(file);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${command.usage}\n`);
    return DONE;
  }
  return run(command, withUsualWait(args));
}

/** A command's file exports the members of `Command`, which the types of its exports prove. */
async function load(file: string): Promise<Command> {
  return (await import(file)) as Command;
}

async function run(command: Command, args: string[]): Promise<number> {
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof OperatorError) {
      process.stderr.write(`${error.message}\n`);
      return FAILED;
    }
    if (error instanceof UsageError || errorCode(error)?.startsWith("ERR_PARSE_ARGS") === true) {
      process.stderr.write(`${error instanceof Error ? error.message : ""}\n\n${command.usage}\n`);
      return MISUSED;
    }
    if (errorCode(error) === "EADDRINUSE") {
      process.stderr.write(`${portTaken(error)}\n`);
      return FAILED;
    }
    throw error;
  }
}

function portTaken(error: unknown): string {
  const port = typeof error === "object" && error !== null && "port" in error ? error.port : "";
  return `Port ${String(port)} is taken by another program: stop that program, or set PORT (EXCHANGE_PORT for the exchange) to a free port.`;
}

async function help(): Promise<number> {
  const names = readdirSync(folder)
    .filter((file) => extname(file) === extension && !file.endsWith(".d.ts"))
    .map((file) => basename(file, extension));
  process.stdout.write("fillstream <command> [--help]\nfillstream help <command>\n\n");
  for (const name of names.toSorted()) {
    const { summary } = await load(join(folder, `${name}${extension}`));
    process.stdout.write(`  ${name.padEnd(12)} ${summary}\n`);
  }
  return DONE;
}

// A reader such as \`head\` may close the pipe when it has seen enough.
process.stdout.on("error", (error) => {
  if (errorCode(error) === "EPIPE") process.exit(DONE);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
