// The fault rules in force. Each rule draws from a random stream of its own, so that rules do not
// disturb each other and a seed replays them exactly.
import type { RandomStream } from "../random.ts";
import { randomStream } from "../random.ts";
import type { FaultKind, FaultRule, FaultSubject } from "./rule.ts";
import { matches } from "./rule.ts";

const MAX_RULES = 1_000;

export type NewRule = Omit<FaultRule, "id" | "struck">;

export class Faults {
  readonly #seed: string;
  readonly #rules = new Map<string, { readonly rule: FaultRule; readonly random: RandomStream }>();
  #made = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Spares the hot path the search when nothing is to go wrong. */
  get none(): boolean {
    return this.#rules.size === 0;
  }

  add(wanted: NewRule): FaultRule | null {
    if (this.#rules.size >= MAX_RULES) return null;
    this.#made += 1;
    const id = String(this.#made);
    const rule: FaultRule = { ...wanted, id, struck: 0 };
    this.#rules.set(id, { rule, random: randomStream(this.#seed, `fault/${id}`) });
    return rule;
  }

  remove(id: string): boolean {
    return this.#rules.delete(id);
  }

  clear(): void {
    this.#rules.clear();
  }

  list(): readonly FaultRule[] {
    return [...this.#rules.values()].map(({ rule }) => rule);
  }

  /** The first rule of these kinds that strikes now, if any does. */
  strike(kinds: readonly FaultKind[], subject: FaultSubject): FaultRule | null {
    for (const { rule, random } of this.#rules.values()) {
      if (!kinds.includes(rule.kind) || !matches(rule.where, subject)) continue;
      if (rule.times === 0) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.probability < 1 && random.fraction() >= rule.probability) continue;
      if (rule.times !== null) rule.times -= 1;
      rule.struck += 1;
      return rule;
    }
    return null;
  }
}
