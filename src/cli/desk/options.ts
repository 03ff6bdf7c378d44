// Options that several commands share, and how their values become fields of a request.
import { UsageError } from "../command.ts";

export const jsonOption = { json: { type: "boolean", default: false } } as const;
export const waitOption = { wait: { type: "string" } } as const;
export const accountOption = { account: { type: "string" } } as const;

const LONGEST_WAIT_SECONDS = 30;
export const USUAL_WAIT_SECONDS = 5;

/** `--wait` alone is the usual time: an option of its own, where the parser knows only one with a value. */
export function withUsualWait(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const isAlone = arg === "--wait" && !/^\d+$/.test(args[index + 1] ?? "");
    return isAlone ? `--wait=${USUAL_WAIT_SECONDS}` : arg;
  });
}

export function waitSeconds(text: string | undefined): number {
  if (text === undefined) return USUAL_WAIT_SECONDS;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS) return seconds;
  throw new UsageError(`--wait takes seconds from 0 to ${LONGEST_WAIT_SECONDS}.`);
}

export function onlyOne(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first !== undefined && second === undefined) return first;
  throw new UsageError(`Name one ${what}.`);
}
