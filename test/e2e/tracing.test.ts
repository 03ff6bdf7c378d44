// One request, followed through every process: in spans, in log lines, and in what the workers count.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, start, temporaryDirectory, until, type Start } from "../support/fillstream.ts";
import {
  spanCollector,
  type CollectedSpan,
  type SpanCollector,
} from "../support/span-collector.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const TRACE_PARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const BASE = "/api/v1/trading";

const directory = temporaryDirectory();
let collector: SpanCollector;
let running: Start;

async function send(headers: Record<string, string>): Promise<string> {
  const response = await fetch(`${running.url}${BASE}/signal`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ symbol: "AAPL", side: "buy", qty: 1, reason: "Technical breakout" }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);
const named = (spans: readonly CollectedSpan[]) => new Set(spans.map(({ name }) => name));

const WHOLE = [
  ["fillstream-api", "sendSignal"],
  ["fillstream-api", "accept"],
  ["fillstream-worker", "decide signal"],
  ["fillstream-worker", "broker submit"],
  ["fillstream-worker", "answer to submit"],
  ["fillstream-worker", "execution"],
] as const;

/** Until its fill is booked. */
async function followed(traceId: string): Promise<readonly CollectedSpan[]> {
  await until(
    () => WHOLE.every(([, name]) => named(spansOf(traceId)).has(name)),
    () => `only ${[...named(spansOf(traceId))].join(", ")}\n${running.output()}`,
  );
  return spansOf(traceId);
}

beforeAll(async () => {
  build();
  collector = await spanCollector();
  running = await start(directory.path, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collector-key",
    LOG_LEVEL: "debug",
    LOG_FORMAT: "json",
  });
  await running.ready();
});
afterAll(async () => {
  running.process.kill("SIGTERM");
  await running.ended();
  await collector.close();
  directory.remove();
});

describe("a traced signal", () => {
  let id = "";
  it("leaves one trace from its acceptance to its fill, below the caller's own span", async () => {
    id = await send({ traceparent: TRACE_PARENT });
    const spans = await followed(TRACE_ID);
    for (const [service, name] of WHOLE) {
      expect(spans.filter((span) => span.service === service && span.name === name)).not.toEqual(
        [],
      );
    }
    const [door] = spans.filter(({ name }) => name === "sendSignal");
    expect(door?.parentSpanId).toBe("b7ad6b7169203331");
    expect(spans.filter((span) => span !== door).map(({ parentSpanId }) => parentSpanId)).toEqual(
      spans.filter((span) => span !== door).map(() => door?.spanId),
    );
    expect(collector.headers()["authorization"]).toBe("Bearer collector-key");
  });

  it("keeps the trace in its row", async () => {
    const row = (await (await fetch(`${running.url}${BASE}/signals/${id}`)).json()) as {
      trace_parent: string;
    };
    expect(row.trace_parent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
  });

  it("can be found by its trace in the worker's log", async () => {
    const lines = () =>
      running
        .output()
        .split("\n")
        .filter((line) => line.includes(`"trace_id":"${TRACE_ID}"`));
    await until(
      () => ["signal decided", "broker call"].every((word) => lines().join("").includes(word)),
      () => lines().join("\n"),
    );
  });
});

it("a signal without a trace begins one", async () => {
  const before = new Set(collector.spans.map(({ traceId }) => traceId));
  await send({});
  const begun = () =>
    collector.spans.find(({ name, traceId }) => name === "sendSignal" && !before.has(traceId));
  await until(
    () => begun() !== undefined,
    () => "no new trace",
  );
  await followed(begun()?.traceId ?? "");
});

it("no secret is in a span, and no value of a request", () => {
  expect(collector.raw()).not.toMatch(/collector-key|Technical breakout|Bearer/);
});

it("what the worker's calls came to is scraped at the API", async () => {
  const scrape = async () => (await fetch(`${running.url}/metrics`)).text();
  let text = "";
  await until(
    async () => {
      text = await scrape();
      return /call_duration_seconds_count\{kind="submit",result="accepted"\} [1-9]/.test(text);
    },
    () => text,
  );
  for (const name of [
    "fillstream_broker_up",
    "fillstream_broker_stream_connected",
    "fillstream_broker_stream_reconnects_total",
    "fillstream_rate_budget_requests",
    "fillstream_broker_calls_waiting",
  ]) {
    expect(text).toMatch(new RegExp(`^${name}\\{account="mock"\\} \\d+$`, "m"));
  }
});
