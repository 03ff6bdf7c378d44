// Values of the moment for those who watch: positions at the newest price, accounts with their sums.
// Outside the log, since prices are no events; only what changed is shown, once a second.
import { accountView, dayView, positionView, sumsView } from "../../app/position-view.ts";
import type { DomainEvent } from "../../domain/event.ts";
import { asId, type AccountId } from "../../domain/ids.ts";
import { tradingStateFor } from "../../domain/trading-state.ts";
import type { PositionRow, PositionQueries } from "../../ports/queries.ts";
import type { Logger } from "../../log.ts";
import type { Clock } from "../../ports/clock.ts";
import type { World } from "../world.ts";
import type { EventHub } from "./hub.ts";
import type { Topic } from "./topics.ts";

const EVERY_MS = 1_000;
/** After a fill the position follows at once; fills that come together make one look. */
const SOON_MS = 30;

export interface LiveDeps {
  readonly queries: PositionQueries;
  readonly world: World;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Shown {
  readonly key: string;
  readonly topic: Topic;
  readonly account: string;
  readonly value: object;
  /** What makes it news: the value without what changes by itself. */
  readonly signature: string;
}

export class LiveValues {
  readonly #deps: LiveDeps;
  #last = new Map<string, string>();
  #open: readonly PositionRow[] = [];
  #wake: (() => void) | null = null;
  #isSoon = false;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  /** Something was filled: look soon. */
  poke(): void {
    this.#isSoon = true;
    this.#wake?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake?.(), { once: true });
    while (!signal.aborted) {
      if (this.#deps.hub.readers.size > 0) await this.#look();
      else this.#last.clear();
      await this.#pause(signal);
    }
  }

  /** A second, or a moment when there is news. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    if (!this.#isSoon) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(EVERY_MS, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = null;
    }
    if (!this.#isSoon) return;
    await clock.sleep(SOON_MS, signal).catch(() => undefined);
    this.#isSoon = false;
  }

  async #look(): Promise<void> {
    const { hub, log } = this.#deps;
    try {
      const values = [...(await this.#positions()), ...(await this.#accounts())];
      const signatures = new Map<string, string>();
      for (const { key, topic, account, value, signature } of values) {
        signatures.set(key, signature);
        if (this.#last.get(key) === signature) continue;
        for (const reader of hub.readers) reader.show(topic, account, value);
      }
      this.#last = signatures;
    } catch (error: unknown) {
      log.debug({ err: error }, "live values could not be read");
    }
  }

  async #positions(): Promise<readonly Shown[]> {
    const { queries, world, clock } = this.#deps;
    const all = { accounts: this.#accountIds(), strategy: null, byStrategy: false };
    const open = await queries.positions({ ...all, instruments: null, includeClosed: false });
    const here = new Set(open.map(keyOf));
    const gone = this.#open.filter((row) => !here.has(keyOf(row)));
    const instruments = [...new Set(gone.map((row) => row.instrument_id))];
    const closed =
      gone.length === 0
        ? []
        : await queries.positions({ ...all, instruments, includeClosed: true });
    this.#open = open;
    const now = clock.now();
    return [...open, ...closed.filter((row) => row.qty === "0")].map((row) => ({
      key: keyOf(row),
      topic: "position",
      account: row.account,
      value: positionView(row, world.limits, now),
      signature: `${row.version} ${row.last_price} ${row.last_price_at?.getTime()} ${row.frozen}`,
    }));
  }

  #accountIds(): readonly string[] {
    return this.#deps.world.directory.accounts.map(({ id }) => id);
  }

  async #accounts(): Promise<readonly Shown[]> {
    const { queries, world } = this.#deps;
    const [accounts, sums] = await Promise.all([
      queries.accounts({ accounts: this.#accountIds() }),
      queries.portfolio({ accounts: this.#accountIds() }),
    ]);
    return accounts.map((row) => {
      const value = {
        ...accountView(row, tradingStateFor(world.trading, asId<AccountId>(row.id), null)),
        day: dayView(row, world.limits, sums),
        positions: sums.filter(({ account }) => account === row.id).map(sumsView),
      };
      const signature = JSON.stringify(value);
      return { key: `account ${row.id}`, topic: "portfolio", account: row.id, value, signature };
    });
  }
}

const MOVES: ReadonlySet<DomainEvent["type"]> = new Set([
  "OrderExecuted",
  "ExecutionBusted",
  "ExecutionCorrected",
  "PositionAdjusted",
]);

export function movesPosition({ type }: DomainEvent): boolean {
  return MOVES.has(type);
}

function keyOf(row: PositionRow): string {
  return `position ${row.account} ${row.instrument_id}`;
}
