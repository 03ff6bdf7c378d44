// The engine's commit: all parts in one round trip. What is sent is built before the first await, so
// the book may move on while it is under way.
import type { CommitResult, PartitionCommit } from "../../ports/store.ts";
import { plainArray, textArray } from "../array-literal.ts";
import { committing, type Sql } from "../client.ts";
import { encodeEvent } from "../event-codec.ts";
import { CommitRows } from "../projections/part-rows.ts";

/** Splits the payloads: JSON writes control characters as escapes, so it holds none of these. */
const RECORD_SEPARATOR = "\u001e";

export async function commitParts(
  sql: Sql,
  parts: readonly PartitionCommit[],
): Promise<readonly CommitResult[]> {
  if (parts.length === 0) return [];
  const rows = new CommitRows();
  for (const part of parts) rows.add(part, ({ recorded }) => encodeEvent(recorded.event));
  const rare = rows.rare.rows();
  const [answer] = await committing(
    () => sql<{ results: readonly string[] }[]>`
      SELECT fillstream_commit(
        ${plainArray(parts.map((part) => part.partition))},
        ${plainArray(parts.map((part) => part.epoch))},
        ${plainArray(parts.map((part) => part.afterSeq))},
        ${plainArray(parts.map((part) => part.events.length))},
        ${plainArray(parts.map((part) => part.decidedSignals))},
        ${plainArray(parts.map((part) => part.decidedCommands))},
        ${plainArray(parts.map((part) => part.tradingVersion))},
        ${textArray(rows.events)},
        ${rows.payloads.join(RECORD_SEPARATOR)},
        ${textArray(rows.decisions)},
        ${textArray(rows.placed)},
        ${textArray(rows.changed)},
        ${textArray(rows.executions)},
        ${textArray(rows.positions)},
        ${textArray(rows.references)},
        ${textArray(rows.brokerOrders)},
        ${textArray(rows.accounts)},
        ${rare === null ? null : JSON.stringify(rare)}) AS results`,
  );
  const results = answer?.results;
  if (results?.length !== parts.length) {
    throw new Error("fillstream_commit did not answer for every part");
  }
  return results.map(commitResult);
}

function commitResult(word: string): CommitResult {
  if (word === "committed" || word === "fenced" || word === "stopped") return { result: word };
  throw new Error(`fillstream_commit answered ${word}`);
}
