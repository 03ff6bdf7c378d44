// A change is told until it was heard: whoever failed to take it over is told again after a moment, one
// call at a time, and what changed during a call has a call behind it.

const AGAIN_AFTER_MS = 200;

export type Listener = () => void | Promise<void>;

export interface Teller {
  /** Something changed. */
  tell(): void;
  /** Nobody listens any more. */
  stop(): void;
}

export function untilHeard(
  listener: Listener,
  after: (delayMs: number, callback: () => void) => void,
): Teller {
  let isOver = false;
  let isOwed = false;
  let isTelling = false;

  const tellAll = async (): Promise<void> => {
    isTelling = true;
    while (isOwed && !isOver) {
      isOwed = false;
      try {
        await listener();
      } catch {
        // Its reason is the listener's to report.
        isOwed = true;
        await new Promise<void>((resolve) => after(AGAIN_AFTER_MS, resolve));
      }
    }
    isTelling = false;
  };

  return {
    tell() {
      isOwed = true;
      if (!isTelling) void tellAll();
    },
    stop() {
      isOver = true;
    },
  };
}
