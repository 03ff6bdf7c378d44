// The live stream, read by hand instead of by EventSource: that hides the heartbeat, so a connection
// that is open and dead would look live for ever.
import { EventReader, type SentEvent } from "./event-reader.ts";
import { BASE, Refused, send, signInNeeded } from "./request.ts";

/** The API beats every 15 s. */
const SILENT_MS = 25_000;

export interface StreamListener {
  opened(): void;
  event(event: SentEvent): void;
}

/** Reads from the last id on until the stream ends; throws when it breaks, or falls silent. */
export async function readStream(
  lastId: string | null,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  const silence = new AbortController();
  let timer = window.setTimeout(() => silence.abort(), SILENT_MS);
  const heard = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => silence.abort(), SILENT_MS);
  };
  try {
    const response = await send(`${BASE}/stream`, {
      headers: {
        accept: "text/event-stream",
        ...(lastId === null ? {} : { "last-event-id": lastId }),
      },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) signInNeeded.value = true;
    if (!response.ok || response.body === null) throw new Refused(response.status, {});
    listener.opened();
    await readBody(response.body, listener, heard);
  } finally {
    window.clearTimeout(timer);
  }
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  listener: StreamListener,
  heard: () => void,
): Promise<void> {
  const [decoder, events] = [new TextDecoder(), new EventReader()];
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    for (const event of events.read(decoder.decode(value, { stream: true }))) listener.event(event);
  }
}
