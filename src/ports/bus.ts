// The stream that wakes the worker. It is never the record: whatever it loses is read from the store,
// whatever it repeats is recognised by its number.

/** `signals` and `control` of one partition; control is read first. */
export type Lane = "signals" | "control";

export interface BusEntry {
  /** Acknowledged with this; opaque. */
  readonly entryId: string;
  readonly partition: number;
  readonly lane: Lane;
  /** Number of the signal or command in its partition. */
  readonly number: number;
  /** The row as JSON text, so that no read of the store is needed; null of what this deployment did not write. */
  readonly body: string | null;
}

export interface BusMessage {
  readonly partition: number;
  readonly lane: Lane;
  readonly number: number;
  readonly body: string;
}

export interface BusProducer {
  /** Best effort: an error is counted and forgotten, the sweep finds what it lost. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  status(): BusStatus;
  close(): Promise<void>;
}

export interface BusStatus {
  readonly connected: boolean;
  readonly lastError: string | null;
}

export interface BusConsumer {
  /**
   * The next entries, at most `count` of each lane, waiting up to `waitMs` for the first to come.
   * A partition may be read on one lane only: a full inbox still takes control.
   */
  read(request: {
    readonly control: readonly number[];
    readonly signals: readonly number[];
    readonly count: number;
    readonly waitMs: number;
  }): Promise<readonly BusEntry[]>;
  /** What earlier owners of the partition read and never acknowledged, and what we did before a cut. */
  claim(partition: number): Promise<readonly BusEntry[]>;
  /** Acknowledges and deletes together. Best effort: what remains is recognised by its number. */
  acknowledge(entries: readonly BusEntry[]): Promise<void>;
  /** Ends a waiting read early: other lanes are to be read from now on. */
  wake(): void;
  /** Calls back after every reconnect: what was on its way then must be claimed again. */
  onReconnect(callback: () => void): void;
  status(): BusStatus;
  /** Stops a waiting read. */
  close(): Promise<void>;
}
