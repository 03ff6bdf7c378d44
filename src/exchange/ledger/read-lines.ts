// Reads a file of JSON lines in pieces, so that its size is never a string's size.
import { closeSync, openSync, readSync } from "node:fs";
import { OperatorError } from "../../operator-error.ts";
import type { Line } from "./records.ts";

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/**
 * Calls `take` for each whole line; returns the offset behind the last line that could be read. Only
 * the very end may be torn: a broken line with others behind it is damage, and is not passed over.
 */
export function readLines(path: string, take: (line: Line, text: string) => void): number {
  const descriptor = openSync(path, "r");
  let rest = Buffer.alloc(0);
  let readable = 0;
  let number = 0;
  let broken = 0;
  try {
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) return readable;
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        const text = bytes.toString("utf8", start, end);
        const line = parse(text);
        number += 1;
        if (broken > 0) throw new OperatorError(`${path}: line ${broken} cannot be read.`);
        if (line === null) broken = number;
        else {
          take(line, text);
          readable += end + 1 - start;
        }
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  } finally {
    closeSync(descriptor);
  }
}

function parse(text: string): Line | null {
  try {
    return JSON.parse(text) as Line; // the file is written by records.ts alone
  } catch {
    return null;
  }
}
