// What a command of the command line is: one file in commands/, loaded when it is called.
export interface Command {
  readonly name: string;
  /** A few words for the list of all commands, lower case, without a full stop. */
  readonly summary: string;
  readonly usage: string;
  /** Resolves with the exit code. */
  run(args: string[]): Promise<number>;
}

/** The command was called in a way that it does not know: its usage is printed, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
