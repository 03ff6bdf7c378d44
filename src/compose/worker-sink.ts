// What the worker tells becomes log lines and alarms. Routine things are debug lines, so that a busy
// worker does not spend its time writing.
import { traceFields } from "../domain/trace-context.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Logger } from "../log.ts";
import type { AboutOrder, EndedCall, WorkerSink } from "../worker/sink.ts";
import { requestsOf, type CommittedBatch } from "../worker/traces.ts";

/** The same complaint is written at most this often. */
const REPEAT_MS = 5_000;
const MAX_REMEMBERED = 200;

/** What is counted besides being logged. */
export interface BrokerCounts {
  called(call: EndedCall): void;
  session(accountId: AccountId, event: string): void;
}

export function logSink(log: Logger, now: () => number, counts: BrokerCounts): WorkerSink {
  const lately = new Map<string, number>();
  const isNews = (what: string): boolean => {
    const at = now();
    if (at - (lately.get(what) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return false;
    if (lately.size >= MAX_REMEMBERED) lately.clear();
    lately.set(what, at);
    return true;
  };
  return {
    alarm: (code, message, about) => log.error({ alarm: code, ...aboutOrder(about) }, message),
    committed: (batch) => {
      if (log.isLevelEnabled("debug")) tellDecisions(log, batch);
    },
    brokerCall: (call) => {
      counts.called(call);
      const { broker, kind, result, elapsedMs } = call;
      const told = { broker, kind, result, elapsedMs: Math.round(elapsedMs) };
      log.debug({ ...told, ...aboutOrder(call) }, "broker call");
    },
    brokerReport: (broker, kind) => log.debug({ broker, kind }, "broker report"),
    unreadable: (account, _raw, cause) =>
      log.error({ alarm: "unreadable", account, cause }, "unreadable broker message"),
    session: (account, event, detail) => {
      counts.session(account, event);
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

function aboutOrder(about: AboutOrder | null) {
  return about === null ? {} : { order: about.orderId, ...traceFields(about.traceParent) };
}

/** A line for each request that was decided, which can be found by its trace as by its id. */
function tellDecisions(log: Logger, { partition, inputs, events }: CommittedBatch): void {
  const traces = requestsOf(inputs);
  for (const { event } of events) {
    if (event.type === "SignalDecided") {
      const { signalId: signal, outcome, refusal } = event;
      const code = refusal === null ? {} : { code: refusal.code };
      const trace = traceFields(traces.get(signal) ?? null);
      log.debug({ partition, signal, outcome, ...code, ...trace }, "signal decided");
    } else if (event.type === "CommandDecided") {
      const { commandId: command, outcome } = event;
      const trace = traceFields(traces.get(command) ?? null);
      log.debug({ partition, command, outcome: outcome.code, ...trace }, "command decided");
    }
  }
  log.debug({ partition, events: events.length }, "committed");
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.name}: ${error.message}${cause}`;
}
