// The data API refuses a whole call for one symbol that it does not take. A list that was refused is
// halved until the culprits are known; they are left out for a while, so that not every poll pays for
// them. When nothing at all is taken, the fault is not in the symbols: none is blamed then, and the same
// list is not taken apart again for as long.
import type { InstrumentId } from "../../domain/ids.ts";
import type { Instrument } from "../../domain/instrument.ts";
import { BrokerUnavailable } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";

/** The answer 400: something about the request itself, most likely a symbol. */
export class CallRefused extends BrokerUnavailable {}

/** Symbols change about as rarely as listings do; a wrong refusal should not last for the whole day. */
const REFUSED_FOR_MS = 10 * 60_000;
/** One culprit among two hundred takes sixteen. What is left is found in the polls after this one. */
const MAX_PROBES = 20;

type Ask<Answer> = (part: readonly Instrument[]) => Promise<Answer>;

interface Walk {
  readonly probe: Ask<unknown>;
  readonly taken: Instrument[];
  readonly refused: Instrument[];
  probes: number;
}

export class RefusedSymbols {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #until = new Map<InstrumentId, number>();
  /** Lists of which nothing was taken, by their symbols. */
  readonly #hopeless = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Those that may be asked for. */
  without(instruments: readonly Instrument[]): readonly Instrument[] {
    forget(this.#until, this.#clock.monotonic());
    return instruments.filter(({ id }) => !this.#until.has(id));
  }

  /** Asks for a list, and where it is refused for what is taken of it. A probe costs less than to ask. */
  async around<Answer>(
    list: readonly Instrument[],
    by: {
      readonly ask: Ask<Answer>;
      readonly probe: Ask<unknown>;
      readonly failed: (error: unknown) => void;
    },
  ): Promise<Answer> {
    try {
      return await by.ask(list);
    } catch (error: unknown) {
      if (!(error instanceof CallRefused)) throw error;
      const walk = await this.#takeApart(list, by.probe);
      if (walk === null) throw error;
      const names = walk.refused.map(({ symbol }) => symbol).join(",") || "none found yet";
      by.failed(new CallRefused(`${error.message} (left out for a while: ${names})`));
      return by.ask(walk.taken);
    }
  }

  /** Null when nothing of the list is taken, or when that is known. */
  async #takeApart(list: readonly Instrument[], probe: Ask<unknown>): Promise<Walk | null> {
    const key = list.map(({ id }) => id).join(" ");
    const now = this.#clock.monotonic();
    forget(this.#hopeless, now);
    if (list.length < 2 || this.#hopeless.has(key)) return null;
    const walk: Walk = { probe, taken: [], refused: [], probes: 0 };
    try {
      await this.#halve(walk, list);
    } finally {
      // What was found stays found when a later probe fails for another reason.
      if (walk.taken.length > 0) {
        for (const { id } of walk.refused) this.#until.set(id, now + REFUSED_FOR_MS);
      }
    }
    if (walk.taken.length > 0) return walk;
    this.#hopeless.set(key, now + REFUSED_FOR_MS);
    return null;
  }

  /** Both halves before either is taken apart, so that most of what is good is found at once. */
  async #halve(walk: Walk, list: readonly Instrument[]): Promise<void> {
    const middle = Math.ceil(list.length / 2);
    const refused: (readonly Instrument[])[] = [];
    for (const half of [list.slice(0, middle), list.slice(middle)]) {
      if (walk.probes >= MAX_PROBES) return;
      walk.probes += 1;
      if (await isTaken(walk, half)) walk.taken.push(...half);
      else if (half.length === 1) walk.refused.push(...half);
      else refused.push(half);
    }
    for (const half of refused) await this.#halve(walk, half);
  }
}

async function isTaken({ probe }: Walk, part: readonly Instrument[]): Promise<boolean> {
  try {
    await probe(part);
    return true;
  } catch (error: unknown) {
    if (error instanceof CallRefused) return false;
    throw error;
  }
}

function forget(known: Map<string, number>, now: number): void {
  for (const [key, until] of known) if (until <= now) known.delete(key);
}
