// Takes what bots put on the public stream through the same door as HTTP: parsed like hostile input,
// accepted as rows, published to its partition. What cannot be read becomes a dead letter with its
// reason. An entry's own id is its idempotency key, so reading it twice trades it once.
import { parse } from "lossless-json";
import {
  acceptSignals,
  faultAsProblem,
  type AcceptDeps,
  type Receipt,
  type SignalToAccept,
} from "../app/accept.ts";
import { composeSignal } from "../app/compose-signal.ts";
import type { Directory } from "../app/directory.ts";
import { checkedKey } from "../app/idempotency-key.ts";
import { NOT_MEASURED, type MeasureOf } from "../app/measure.ts";
import { Problem } from "../app/problem.ts";
import type { Sender } from "../app/sender.ts";
import { readSignalRequest, type SignalRequest } from "../app/signal-request.ts";
import { NumberText } from "../domain/number-text.ts";
import { traceParentOf } from "../domain/trace-context.ts";
import type { DeploymentJob } from "./job-host.ts";

const READ_COUNT = 200;
const REFRESH_EVERY_MS = 5_000;
const MAX_BODY_CHARACTERS = 64 * 1024;

/** An entry of the public stream, whatever carries it. */
export interface EntranceEntry {
  readonly entryId: string;
  /** When the stream took it: its age counts from then, however late it is read. */
  readonly at: number;
  readonly body: string | null;
  readonly key: string | null;
  readonly traceParent: string | null;
  readonly raw: string;
}

export interface DeadLetter {
  readonly entry: EntranceEntry;
  readonly code: string;
  readonly reason: string;
}

export interface RouterDeps {
  readonly entrance: {
    read(count: number): Promise<readonly EntranceEntry[]>;
    done(entries: readonly EntranceEntry[]): Promise<void>;
    bury(letters: readonly DeadLetter[]): Promise<void>;
  };
  readonly accepting: AcceptDeps;
  readonly directory: Directory;
  readonly sender: Sender;
  /** What a capped sender's orders are measured by; asked for once a batch, and only for such a sender. */
  measures(): Promise<MeasureOf>;
  refreshDirectory(): Promise<void>;
  saveLetters(letters: readonly DeadLetter[]): Promise<void>;
}

export function publicRouter(deps: RouterDeps): DeploymentJob {
  return {
    name: "router",
    async run(signal) {
      const { clock } = deps.accepting;
      let refreshedAt = Number.NEGATIVE_INFINITY;
      while (!signal.aborted) {
        if (clock.monotonic() - refreshedAt > REFRESH_EVERY_MS) {
          await deps.refreshDirectory();
          refreshedAt = clock.monotonic();
        }
        const entries = await deps.entrance.read(READ_COUNT);
        if (entries.length > 0) await route(deps, entries);
      }
    },
  };
}

async function route(deps: RouterDeps, entries: readonly EntranceEntry[]): Promise<void> {
  const letters: DeadLetter[] = [];
  const readable: { entry: EntranceEntry; signal: SignalToAccept }[] = [];
  const isCapped = deps.sender.maxNotional !== null;
  const measureOf = isCapped ? await deps.measures() : () => NOT_MEASURED;
  for (const entry of entries) {
    const read = readEntry(deps, entry, measureOf);
    if (read instanceof Problem) letters.push(letterOf(entry, read));
    else readable.push({ entry, signal: read });
  }
  const receipts = await acceptAll(
    deps,
    readable.map(({ signal }) => signal),
  );
  receipts.forEach((receipt, index) => {
    const accepted = readable[index];
    if (receipt instanceof Problem && accepted !== undefined) {
      letters.push(letterOf(accepted.entry, receipt));
    }
  });
  if (letters.length > 0) await deps.saveLetters(letters);
  await deps.entrance.done(entries);
  if (letters.length > 0) await deps.entrance.bury(letters);
}

/** What is read and not finished is read again first: one that the record refuses must not stop the rest. */
async function acceptAll(
  deps: RouterDeps,
  signals: readonly SignalToAccept[],
): Promise<readonly (Receipt | Problem)[]> {
  try {
    return await acceptSignals(deps.accepting, signals);
  } catch (error: unknown) {
    const passes = error instanceof Problem || faultAsProblem(error) !== null;
    if (passes || signals.length === 0) throw error;
    if (signals.length === 1) return [refused(error)];
    const each: (Receipt | Problem)[] = [];
    for (const signal of signals) each.push(...(await acceptAll(deps, [signal])));
    return each;
  }
}

function refused(error: unknown): Problem {
  const why = error instanceof Error ? error.message.slice(0, 200) : "it gave no reason";
  return new Problem("refused_by_database", `The record refused it: ${why}.`);
}

function readEntry(
  { directory, sender }: RouterDeps,
  entry: EntranceEntry,
  measureOf: MeasureOf,
): SignalToAccept | Problem {
  try {
    const request = requestOf(entry);
    const composed = composeSignal(request, sender, directory, measureOf);
    const named = entry.key === null ? null : checkedKey(entry.key, "key");
    const key = named ?? request.client_signal_id ?? entry.entryId;
    const traceParent = traceParentOf(entry.traceParent);
    const envelope = { sender, scope: "stream", key, traceParent, handedInAt: entry.at };
    return { composed, envelope };
  } catch (error: unknown) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function requestOf({ body }: EntranceEntry): SignalRequest {
  if (body === null) throw new Problem("malformed_request", "The entry has no field named signal.");
  if (body.length > MAX_BODY_CHARACTERS) throw new Problem("too_large", "The signal is too long.");
  return readSignalRequest(parseBody(body));
}

function parseBody(body: string): unknown {
  try {
    return parse(body, null, { parseNumber: (literal) => new NumberText(literal) });
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message.slice(0, 200) : "it cannot be parsed";
    throw new Problem("malformed_request", `The signal is not JSON: ${why}.`);
  }
}

const letterOf = (entry: EntranceEntry, problem: Problem): DeadLetter => ({
  entry,
  code: problem.code,
  reason: problem.message,
});
