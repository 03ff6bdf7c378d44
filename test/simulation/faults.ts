// Which faults may happen in a run, how often, and how often they did. Each seed switches on a random
// part of them, so that rare ones are not drowned by common ones.
import type { Random } from "./random.ts";

/** Of single calls and messages: how likely each is where it can happen, when its seed has it on. */
const PROBABILITY = {
  "crash before": 0.002,
  "crash after": 0.002,
  "request lost": 0.02,
  "reply lost": 0.02,
  "request repeated": 0.05,
  slow: 0.03,
  "message lost": 0.1,
  "message repeated": 0.1,
  "message late": 0.2,
  "stream cut": 0.01,
  "answer lost after accept": 0.1,
  "broker rejects": 0.03,
  "rate limited": 0.03,
  "late execution": 0.2,
} as const;

/** Of whole processes and services; the scenario decides when and how often. */
const EVENTS = ["clock jump", "broker down", "manual trade"] as const;

export type CallFault = keyof typeof PROBABILITY;
export type FaultKind = CallFault | (typeof EVENTS)[number];

const KINDS: readonly FaultKind[] = [
  // Keys of a constant are its keys.
  ...(Object.keys(PROBABILITY) as CallFault[]),
  ...EVENTS,
];

export class Faults {
  readonly random: Random;
  readonly #on: ReadonlySet<FaultKind>;
  readonly #counts = new Map<string, number>();
  #healed = false;

  constructor(random: Random, on: ReadonlySet<FaultKind>) {
    this.random = random;
    this.#on = on;
  }

  static some(random: Random): Faults {
    return new Faults(random, new Set(KINDS.filter(() => random.chance(0.55))));
  }

  static none(random: Random): Faults {
    return new Faults(random, new Set());
  }

  /** From now on nothing goes wrong any more: what is left must come to rest. */
  heal(): void {
    this.#healed = true;
  }

  get kinds(): readonly FaultKind[] {
    return [...this.#on];
  }

  has(kind: FaultKind): boolean {
    return this.#on.has(kind);
  }

  happens(kind: CallFault, where: string): boolean {
    if (this.#healed || !this.#on.has(kind) || !this.random.chance(PROBABILITY[kind])) return false;
    this.count(`${kind}: ${where}`);
    return true;
  }

  /** Extra milliseconds of a request; mostly none. */
  slowness(where: string, longestMs: number): number {
    return this.happens("slow", where) ? this.random.between(20, longestMs) : 0;
  }

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
