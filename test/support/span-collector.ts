// A collector of spans on loopback: takes what OTLP sends over HTTP, keeps it, and fails when told to.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const attribute = z.strictObject({
  key: z.string(),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
  ]),
});
const span = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: z.string().regex(/^\d{19}$/),
  endTimeUnixNano: z.string().regex(/^\d{19}$/),
  attributes: z.array(attribute),
  status: z.strictObject({ code: z.int().optional(), message: z.string().optional() }),
});
const body = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(span) }),
      ),
    }),
  ),
});

export type CollectedSpan = z.output<typeof span> & { readonly service: string };

export interface SpanCollector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  readonly batches: () => number;
  readonly headers: () => IncomingMessage["headers"];
  /** Everything that came, as text. */
  readonly raw: () => string;
  /** The status of the next answers; null never answers. */
  answerWith(status: number | null): void;
  close(): Promise<void>;
}

export async function spanCollector(): Promise<SpanCollector> {
  const spans: CollectedSpan[] = [];
  let [batches, status, raw]: [number, number | null, string] = [0, 200, ""];
  let headers: IncomingMessage["headers"] = {};
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (data: Buffer) => (text += data.toString("utf8")));
    request.on("end", () => {
      batches += 1;
      raw += text;
      headers = request.headers;
      if (status === null) return;
      if (status < 300 && request.url === "/v1/traces") spans.push(...spansIn(text));
      response.writeHead(request.url === "/v1/traces" ? status : 404).end("{}");
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    batches: () => batches,
    headers: () => headers,
    raw: () => raw,
    answerWith(next) {
      status = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansIn(text: string): CollectedSpan[] {
  return body.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === "service.name")?.value;
    const service = name !== undefined && "stringValue" in name ? name.stringValue : "";
    return scopeSpans.flatMap((each) => each.spans.map((found) => ({ ...found, service })));
  });
}
