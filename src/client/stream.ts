// The live stream as an endless loop: it comes back by itself, from the last event that was seen. What would
// be refused for ever, such as a revoked key or a topic that there is not, ends it as a problem.
import { setTimeout as sleep } from "node:timers/promises";
import { FillstreamProblem, problemOf, type FillstreamClient } from "./client.ts";

export interface StreamEvent {
  /** Null for values of the moment, which have no place in the log. */
  readonly id: string | null;
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface StreamOptions {
  readonly topics?: readonly string[];
  readonly account?: string;
  /** Where to begin; without it from now on. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Called whenever the connection was lost, with the reason. */
  readonly onLost?: (reason: string) => void;
}

const PAUSE_MS = 1_000;
/** The server says something every 15 s: a silence of this length is a dead connection. */
const SILENCE_MS = 45_000;

export async function* streamOf(
  client: FillstreamClient,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent> {
  let last = options.after ?? null;
  while (!isOver(options)) {
    try {
      for await (const event of connection(client, options, last)) {
        last = event.id ?? last;
        yield event;
      }
      options.onLost?.("the server ended the stream");
    } catch (error: unknown) {
      if (isOver(options)) return;
      if (isFinal(error)) throw error;
      options.onLost?.(error instanceof Error ? error.message : String(error));
    }
    await sleep(PAUSE_MS, undefined, signalOf(options)).catch(() => undefined);
  }
}

/** The request is at fault, and the same one will not do better. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof FillstreamProblem) || error.retryAfter !== null) return false;
  const { status } = error.problem;
  return status >= 400 && status < 500;
}

function isOver({ signal }: StreamOptions): boolean {
  return signal?.aborted === true;
}

function signalOf({ signal }: StreamOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

async function* connection(
  client: FillstreamClient,
  options: StreamOptions,
  last: string | null,
): AsyncGenerator<StreamEvent> {
  const quiet = new AbortController();
  const signals = [quiet.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const query = new URLSearchParams();
  if (options.topics !== undefined) query.set("topics", options.topics.join(","));
  if (options.account !== undefined) query.set("account", options.account);
  const response = await fetch(`${client.url}/api/v1/trading/stream?${query.toString()}`, {
    headers: { ...client.headers(), ...(last === null ? {} : { "last-event-id": last }) },
    signal: AbortSignal.any(signals),
  });
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null));
  if (response.body === null) throw new Error("the stream has no body");
  let silence = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(silence);
      silence = setTimeout(() => quiet.abort(), SILENCE_MS);
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    clearTimeout(silence);
  }
}

/** One event of the stream; null for what is none, such as a sign of life. */
export function parseBlock(block: string): StreamEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
  }
  const data = fields.get("data");
  if (data === undefined) return null;
  // The server's own text; each topic says what is in it.
  const parsed = JSON.parse(data) as Readonly<Record<string, unknown>>;
  return { id: fields.get("id") ?? null, topic: fields.get("event") ?? "message", data: parsed };
}
