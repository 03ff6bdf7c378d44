// One reader of the stream. It is hung up on when it does not keep up: a reader that comes back with its
// last id has missed nothing, and memory that waits for it is bounded. It counts until its connection is gone.
import { cursorText } from "../../app/feed-cursor.ts";
import { publicLoggedEvent } from "../../app/public-event.ts";
import type { LoggedEvent } from "../../domain/event.ts";
import type { FeedCursor } from "../../ports/store.ts";
import type { HangUp } from "../http/hang-up.ts";
import { TOPIC_OF, type Topic } from "./topics.ts";

/** What may wait for one reader; a burst of ten thousand events fits. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024;

export interface Wishes {
  sees(account: string): boolean;
  readonly topics: ReadonlySet<Topic> | null;
  /** Whether what let the reader in still would. */
  isAllowedAt(now: number): Promise<boolean>;
}

export class Subscriber {
  readonly body: ReadableStream<Uint8Array>;
  readonly #wishes: Wishes;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly #cursor: Map<number, number>;
  readonly #hangUp: HangUp;
  #onGone: () => void = () => undefined;

  constructor(wishes: Wishes, cursor: FeedCursor, hangUp: HangUp) {
    this.#wishes = wishes;
    this.#hangUp = hangUp;
    this.#cursor = new Map(cursor);
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#gone(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
    );
  }

  get cursor(): FeedCursor {
    return this.#cursor;
  }

  get isOpen(): boolean {
    return this.#controller !== null;
  }

  isAllowedAt(now: number): Promise<boolean> {
    return this.#wishes.isAllowedAt(now);
  }

  onGone(callback: () => void): void {
    this.#onGone = callback;
  }

  /** Events in the order of their partitions; those it has seen are passed over. */
  deliver(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.seq <= (this.#cursor.get(event.partition) ?? 0)) continue;
      this.#cursor.set(event.partition, event.seq);
      const topic = TOPIC_OF[event.event.type];
      if (!this.#wants(topic, event.accountId)) continue;
      this.#write(frame(topic, publicLoggedEvent(event), cursorText(this.#cursor)));
    }
  }

  /** A value of the moment: it has no place in the log, and the next one replaces it. */
  show(topic: Topic, account: string, value: unknown): void {
    if (this.#wants(topic, account)) this.#write(frame(topic, value, null));
  }

  /** Where it begins, also when nothing happens for a while. */
  greet(event: "hello" | "reset"): void {
    const cursor = cursorText(this.#cursor);
    this.#write(`retry: 1000\n${frame(event, { cursor }, cursor)}`);
  }

  beat(): void {
    this.#write(": \n\n");
  }

  /** In good order, when the house closes: what waits for the reader is still sent. */
  end(): void {
    const controller = this.#controller;
    this.#gone();
    try {
      controller?.close();
    } catch {
      // The reader was faster.
    }
  }

  /** At once: what waits for the reader is let go, and so is its connection. */
  hangUp(): void {
    const controller = this.#controller;
    if (controller === null) return;
    this.#controller = null;
    // The end of the connection cancels the body.
    if (this.#hangUp()) return;
    controller.error(new Error("the reader was hung up on"));
    this.#gone();
  }

  #wants(topic: Topic, account: string): boolean {
    const { topics } = this.#wishes;
    return (topics === null || topics.has(topic)) && this.#wishes.sees(account);
  }

  #write(text: string): void {
    const controller = this.#controller;
    if (controller === null) return;
    controller.enqueue(this.#encoder.encode(text));
    if ((controller.desiredSize ?? 0) < 0) this.hangUp();
  }

  #gone(): void {
    this.#controller = null;
    this.#onGone();
  }
}

function frame(event: string, data: unknown, id: string | null): string {
  const head = id === null ? "" : `id: ${id}\n`;
  return `${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
