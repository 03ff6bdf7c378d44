// Reads the log once for all readers of this process. A reader joins in two modes:
//   behind    it reads pages of its own, from its last id on, until it has reached the shared place;
//   abreast   it gets what the shared loop reads.
// What a reader has seen is kept by the reader, so that joining can neither lose nor repeat an event.
import { isAhead } from "../../app/feed-cursor.ts";
import { Problem } from "../../app/problem.ts";
import type { LoggedEvent } from "../../domain/event.ts";
import type { Logger } from "../../log.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FeedCursor, FeedStore } from "../../ports/store.ts";
import type { HangUp } from "../http/hang-up.ts";
import { Subscriber, type Wishes } from "./subscriber.ts";

/** Without anything to wake it the loop looks this often, and only while somebody listens. */
const LOOK_EVERY_MS = 50;
const AFTER_FAILURE_MS = 500;
const BEAT_EVERY_MS = 15_000;
const PAGE = 500;
const MAX_READERS = 1_000;

export interface HubDeps {
  readonly feed: Pick<FeedStore, "head" | "read">;
  readonly clock: Clock;
  readonly log: Logger;
}

export type EventListener = (events: readonly LoggedEvent[]) => void;

export class EventHub {
  readonly #deps: HubDeps;
  readonly #signal: AbortSignal;
  readonly #readers = new Set<Subscriber>();
  readonly #listeners = new Set<EventListener>();
  readonly #catchingUp = new Set<Subscriber>();
  /** Readers that the shared loop passed while they were catching up. */
  readonly #passed = new Set<Subscriber>();
  #place: FeedCursor | null = null;
  #isRunning = false;

  constructor(deps: HubDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#endAll(), { once: true });
  }

  get readers(): ReadonlySet<Subscriber> {
    return this.#readers;
  }

  /** Hears every event that is read for the readers. */
  onEvents(listener: EventListener): void {
    this.#listeners.add(listener);
  }

  /** From the cursor on, or from now on. */
  async subscribe(wishes: Wishes, after: FeedCursor | null, hangUp: HangUp): Promise<Subscriber> {
    if (this.#readers.size >= MAX_READERS || this.#signal.aborted) {
      throw new Problem("overloaded", "No more readers are taken here.", { retryAfterSeconds: 5 });
    }
    const head = await this.#deps.feed.head();
    const isReset = after !== null && isAhead(after, head);
    const reader = new Subscriber(wishes, after === null || isReset ? head : after, hangUp);
    this.#readers.add(reader);
    reader.onGone(() => this.#readers.delete(reader));
    reader.greet(isReset ? "reset" : "hello");
    this.#ensureRunning();
    void this.#catchUp(reader);
    return reader;
  }

  /** Pages until nothing is behind. Meanwhile the shared loop may deliver too: each event counts once. */
  async #catchUp(reader: Subscriber): Promise<void> {
    if (this.#catchingUp.has(reader)) {
      this.#passed.add(reader);
      return;
    }
    this.#catchingUp.add(reader);
    try {
      while (reader.isOpen) {
        this.#passed.delete(reader);
        const events = await this.#deps.feed.read(reader.cursor, PAGE);
        reader.deliver(events);
        if (events.length < PAGE && !this.#passed.has(reader)) return;
      }
    } catch (error: unknown) {
      this.#deps.log.debug({ err: error }, "a reader could not catch up and has to come back");
      reader.hangUp();
    } finally {
      this.#catchingUp.delete(reader);
      this.#passed.delete(reader);
    }
  }

  #ensureRunning(): void {
    if (this.#isRunning || this.#signal.aborted) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    let beatAt = clock.monotonic() + BEAT_EVERY_MS;
    while (this.#isWanted()) {
      const pause = await this.#look();
      if (clock.monotonic() >= beatAt) {
        for (const reader of this.#readers) reader.beat();
        beatAt = clock.monotonic() + BEAT_EVERY_MS;
      }
      if (pause > 0) await clock.sleep(pause, this.#signal).catch(() => undefined);
    }
    this.#isRunning = false;
    this.#place = null;
  }

  #isWanted(): boolean {
    return !this.#signal.aborted && this.#readers.size > 0;
  }

  /** Reads on from the shared place; answers how long to pause. */
  async #look(): Promise<number> {
    try {
      this.#place ??= await this.#deps.feed.head();
      const events = await this.#deps.feed.read(this.#place, PAGE);
      if (events.length === 0) return LOOK_EVERY_MS;
      const place = new Map(this.#place);
      for (const event of events) place.set(event.partition, event.seq);
      this.#place = place;
      for (const reader of this.#readers) this.#hand(reader, events);
      for (const listener of this.#listeners) listener(events);
      return events.length < PAGE ? LOOK_EVERY_MS : 0;
    } catch (error: unknown) {
      this.#deps.log.debug({ err: error }, "the log could not be read");
      return AFTER_FAILURE_MS;
    }
  }

  /** A reader that is further behind than this page reads its own pages: a gap is never delivered. */
  #hand(reader: Subscriber, events: readonly LoggedEvent[]): void {
    const first = new Map<number, number>();
    for (const { partition, seq } of events) if (!first.has(partition)) first.set(partition, seq);
    const isBehind = [...first].some(
      ([partition, seq]) => seq > (reader.cursor.get(partition) ?? 0) + 1,
    );
    if (isBehind) void this.#catchUp(reader);
    else reader.deliver(events);
  }

  #endAll(): void {
    for (const reader of [...this.#readers]) reader.end();
  }
}
