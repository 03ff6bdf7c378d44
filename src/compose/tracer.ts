// Spans to a collector, where the configuration names one.
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import { messageOf } from "../operator-error.ts";
import type { Clock } from "../ports/clock.ts";
import { createOtlpTracer, type OtlpTracer } from "../tracing/otlp-tracer.ts";
import { VERSION } from "../version.ts";

export function openTracer(
  { tracing }: Config,
  part: "api" | "worker",
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): OtlpTracer | null {
  if (tracing === null) return null;
  const { endpoint, headers, share } = tracing;
  return createOtlpTracer({
    ...{ endpoint, share, service: `fillstream-${part}`, version: VERSION },
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value.reveal()])),
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms, callback),
    onLoss: (lost, cause) =>
      log.warn(
        { lost, cause: messageOf(cause) },
        "spans are lost: the collector does not take them",
      ),
  });
}
