// Loads the book of a partition that was just taken: again while the record is away, and never again
// when it is the book that cannot be read.
import { isPassing } from "../ports/store.ts";
import { PartitionRunner, type RunnerShell } from "./partition-runner.ts";

const RETRY_FIRST_MS = 50;
const RETRY_LONGEST_MS = 1_000;

/** Null when the partition is not ours any more. */
export async function loadRunner(
  holder: { readonly partition: number; readonly epoch: number },
  shell: RunnerShell,
  isOurs: () => boolean,
): Promise<PartitionRunner | "faulted" | null> {
  for (let delayMs = RETRY_FIRST_MS; isOurs(); delayMs *= 2) {
    try {
      return await PartitionRunner.load(holder, shell);
    } catch (error: unknown) {
      if (!isPassing(error)) {
        shell.fault(holder, "the book cannot be loaded", error);
        return "faulted";
      }
      shell.retrying(holder.partition, error);
      await shell.clock.sleep(Math.min(delayMs, RETRY_LONGEST_MS));
    }
  }
  return null;
}
