// Notices that npm, which started us, is gone: killed the hard way it passes no signal on.
import { isRunByNpm } from "../../config.ts";

const CHECK_EVERY_MS = 500;

/** Calls `stop` when the parent is another one than before; does nothing outside npm and npx. */
export function whenOrphaned(stop: () => void): void {
  if (!isRunByNpm()) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, CHECK_EVERY_MS);
  timer.unref();
}
