// Something read from the API and read again when it may have changed: at most one request under way,
// at most a few a second however many events arrive, and the last answer stays until the next.
import { signal, type ReadonlySignal } from "@preact/signals";
import { inWords } from "../api/request.ts";

const APART_MS = 250;

export interface Resource<Value> {
  readonly value: ReadonlySignal<Value | null>;
  /** Why the last read failed; null when it did not. */
  readonly failure: ReadonlySignal<string | null>;
  /** Read now, or after the read under way; resolves when that is done. */
  refresh(): Promise<void>;
  /** Something happened: read soon. */
  poke(): void;
  /** A value that came another way. */
  put(next: Value): void;
}

export function resource<Value>(read: () => Promise<Value>): Resource<Value> {
  const value = signal<Value | null>(null);
  const failure = signal<string | null>(null);
  let underWay: Promise<void> | null = null;
  let isWanted = false;
  let timer: number | undefined;

  const once = async (): Promise<void> => {
    try {
      value.value = await read();
      failure.value = null;
    } catch (error: unknown) {
      failure.value = inWords(error);
    }
  };
  const run = async (): Promise<void> => {
    do {
      isWanted = false;
      await once();
    } while (isWanted);
    underWay = null;
  };
  const refresh = (): Promise<void> => {
    isWanted = true;
    underWay ??= run();
    return underWay;
  };
  const poke = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void refresh();
    }, APART_MS);
  };
  return { value, failure, refresh, poke, put: (next) => (value.value = next) };
}
