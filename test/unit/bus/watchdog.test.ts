// A read that is not completed in its time is given up with its connection, and the consumer counts as
// deaf until one is completed.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Watchdog } from "../../../src/bus/watchdog.ts";

const WAIT_MS = 1_000;
const PATIENCE_MS = 3 * WAIT_MS;
const never = (): Promise<never> => new Promise(() => undefined);

describe("the watchdog", () => {
  let ended: boolean[];
  let client: { status: string; disconnect(reconnect: boolean): void };
  let watchdog: Watchdog;
  beforeEach(() => {
    vi.useFakeTimers();
    ended = [];
    client = { status: "ready", disconnect: (reconnect) => ended.push(reconnect) };
    watchdog = new Watchdog(client, WAIT_MS);
  });
  afterEach(() => vi.useRealTimers());

  const giveUp = async (): Promise<void> => {
    const failure = watchdog.over(never).catch((error: unknown) => String(error));
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await failure).toMatch(/no read was completed/);
  };

  it("gives up a read that never ends, and has its connection made anew", async () => {
    await giveUp();
    expect(ended).toEqual([true]);
    expect(watchdog.isDeaf).toBe(true);
  });

  it("is deaf until a read is completed, not until one is begun or has failed", async () => {
    await giveUp();
    const failing = watchdog.over(() => Promise.reject(new Error("not connected")));
    expect(watchdog.isDeaf).toBe(true);
    await expect(failing).rejects.toThrow("not connected");
    expect(watchdog.isDeaf).toBe(true);
    expect(await watchdog.over(() => Promise.resolve("an entry"))).toBe("an entry");
    expect(watchdog.isDeaf).toBe(false);
  });

  it("leaves a connection alone that is being made", async () => {
    client.status = "connecting";
    await giveUp();
    expect(ended).toEqual([]);
  });

  it("does not bite after a read that was completed in time", async () => {
    const read = watchdog.over(
      () => new Promise((resolve) => setTimeout(() => resolve("late"), PATIENCE_MS - 1)),
    );
    await vi.advanceTimersByTimeAsync(2 * PATIENCE_MS);
    expect(await read).toBe("late");
    expect(ended).toEqual([]);
  });
});
