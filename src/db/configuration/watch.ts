// Tells of changes of the configuration: NOTIFY brings them at once, a poll finds what a lost
// connection missed.
import { untilHeard, type Listener } from "../../ports/until-heard.ts";
import { reading, type Sql } from "../client.ts";

const CHANNEL = "fillstream_config";
/** A change is promised within a second even when no notice comes. */
const POLL_EVERY_MS = 900;

export interface Versions {
  readonly limits: number;
  readonly trading: number;
}

export async function versions(sql: Sql): Promise<Versions> {
  const [row] = await reading(
    () => sql<Versions[]>`
      SELECT c.version AS limits, t.version AS trading FROM config_version c, trading_version t`,
  );
  if (row === undefined) throw new Error("the configuration's versions are missing");
  return row;
}

export async function watchConfiguration(
  sql: Sql,
  listener: Listener,
): Promise<() => Promise<void>> {
  const teller = untilHeard(listener, (delayMs, again) => setTimeout(again, delayMs).unref());
  const poll = new Poll(sql, teller.tell);
  poll.start();
  // postgres.js listens again after a lost connection; each time something may have been missed.
  const listening = await reading(() => sql.listen(CHANNEL, teller.tell, teller.tell));
  return async () => {
    poll.stop();
    teller.stop();
    await listening.unlisten();
  };
}

class Poll {
  readonly #sql: Sql;
  readonly #callback: () => void;
  #timer: NodeJS.Timeout | null = null;
  #seen: Versions | null = null;

  constructor(sql: Sql, callback: () => void) {
    this.#sql = sql;
    this.#callback = callback;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#look(), POLL_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    // A database that is away is everyone's news; whoever needs it hears of it there.
    const found = await versions(this.#sql).catch(() => null);
    if (this.#timer === null) return;
    const before = this.#seen;
    if (found !== null) this.#seen = found;
    if (found !== null && before !== null && !isSame(found, before)) this.#callback();
    this.start();
  }
}

const isSame = (left: Versions, right: Versions): boolean =>
  left.limits === right.limits && left.trading === right.trading;
