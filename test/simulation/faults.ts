// Which faults may happen in a run, how often, and how often they did. Each seed switches on a random
// part of them, so that rare ones are not drowned by common ones.
import type { Random } from "./random.ts";

export const FAULT_KINDS = [
  "crash before",
  "crash after",
  "request lost",
  "reply lost",
  "slow",
  "message lost",
  "message repeated",
  "message late",
  "stream cut",
  "answer lost after accept",
  "late execution",
  "clock jump",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const PROBABILITY: Readonly<Record<FaultKind, number>> = {
  "crash before": 0.002,
  "crash after": 0.002,
  "request lost": 0.02,
  "reply lost": 0.02,
  slow: 0.03,
  "message lost": 0.1,
  "message repeated": 0.1,
  "message late": 0.2,
  "stream cut": 0.01,
  "answer lost after accept": 0.1,
  "late execution": 0.2,
  "clock jump": 0.5,
};

export class Faults {
  readonly random: Random;
  readonly #on: ReadonlySet<FaultKind>;
  readonly #counts = new Map<string, number>();
  #healed = false;

  constructor(random: Random) {
    this.random = random;
    this.#on = new Set(FAULT_KINDS.filter(() => random.chance(0.6)));
  }

  /** From now on nothing goes wrong any more: what is left must come to rest. */
  heal(): void {
    this.#healed = true;
  }

  get kinds(): readonly FaultKind[] {
    return [...this.#on];
  }

  happens(kind: FaultKind, where: string): boolean {
    if (this.#healed || !this.#on.has(kind) || !this.random.chance(PROBABILITY[kind])) return false;
    this.count(`${kind}: ${where}`);
    return true;
  }

  /** Extra milliseconds of a request; mostly none. */
  slowness(where: string): number {
    return this.happens("slow", where) ? this.random.between(20, 2_500) : 0;
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
