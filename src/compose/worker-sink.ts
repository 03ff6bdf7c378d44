// What the worker tells becomes log lines and alarms. Routine things are debug lines, so that a busy
// worker does not spend its time writing.
import type { Logger } from "../log.ts";
import type { WorkerSink } from "../worker/sink.ts";

/** The same complaint is written at most this often. */
const REPEAT_MS = 5_000;
const MAX_REMEMBERED = 200;

export interface CallTimings {
  record(kind: string, result: string, elapsedMs: number): void;
}

export function logSink(log: Logger, now: () => number, timings: CallTimings): WorkerSink {
  const lately = new Map<string, number>();
  const isNews = (what: string): boolean => {
    const at = now();
    if (at - (lately.get(what) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return false;
    if (lately.size >= MAX_REMEMBERED) lately.clear();
    lately.set(what, at);
    return true;
  };
  return {
    alarm: (code, message) => log.error({ alarm: code }, message),
    committed: (partition, events) => log.debug({ partition, events: events.length }, "committed"),
    brokerCall: (broker, kind, result, elapsedMs) => {
      timings.record(kind, result, elapsedMs);
      log.debug({ broker, kind, result, elapsedMs: Math.round(elapsedMs) }, "broker call");
    },
    brokerReport: (broker, kind) => log.debug({ broker, kind }, "broker report"),
    unreadable: (account, _raw, cause) =>
      log.error({ account, cause }, "unreadable broker message"),
    session: (account, event, detail) => {
      if (event === "reconciled") log.debug({ account }, "reconciled");
      else if (event === "connected") log.info({ account }, "broker stream connected");
      else log.warn({ account, detail }, `broker session: ${event}`);
    },
    reachability: (account, up) =>
      up
        ? log.info({ account }, "the broker answers again")
        : log.error({ account }, "the broker does not answer"),
    lease: (event, name) => log.debug({ lease: name }, `lease ${event}`),
    retrying: (where, cause) => {
      if (isNews(where)) log.warn({ where, cause: describe(cause) }, "failed, trying again");
    },
    fault: (partition, reason, error) =>
      log.error(
        { partition, reason, cause: describe(error) },
        "a partition is set aside until a person resumes it",
      ),
    swept: (count) => {
      if (count > 0) log.debug({ count }, "swept from the record");
    },
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.name}: ${error.message}${cause}`;
}
