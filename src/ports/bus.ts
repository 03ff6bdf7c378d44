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
  /** The row as JSON text, so that no read of the store is needed. */
  readonly body: string;
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
   * The next entries of the given partitions: control lanes first, at most `count`, waiting up to
   * `waitMs` for one to come. Includes entries that an earlier owner read and never acknowledged.
   */
  read(request: {
    readonly partitions: readonly number[];
    readonly count: number;
    readonly waitMs: number;
  }): Promise<readonly BusEntry[]>;
  /** Takes over what earlier owners of the partition left unacknowledged. */
  claim(partition: number): Promise<void>;
  /** Acknowledges and deletes together. Best effort: what remains is recognised by its number. */
  acknowledge(entries: readonly BusEntry[]): Promise<void>;
  /** Stops a waiting read. */
  close(): Promise<void>;
  status(): BusStatus;
}
