// What a fault is: something that is done to the house and undone again, and proves that it was felt.
import type { Bots } from "./bots.ts";
import type { House } from "./house.ts";

export interface Scene {
  readonly house: House;
  readonly bots: Bots;
  /** How many of this fault were made before; faults that have a choice take turns by it. */
  readonly turn: number;
  /** How many are still to be made: a fault that can strike at two workers at once may make two. */
  readonly wanted: number;
  /** Marks a way of recovering as gone. */
  reached(path: string): void;
}

export interface Fault {
  readonly name: string;
  /** Why this machine cannot make it; null when it can. */
  impossible?(house: House): string | null;
  /** Makes it and undoes it. How often it was made and felt: never reaching it is 0, which fails the run. */
  strike(scene: Scene): Promise<number>;
  /** Ways of recovering that must have been gone at least once when this fault was made. */
  readonly paths?: readonly string[];
  /** More of them, which so many strikes must have met: a short run need not. */
  readonly pathsWhenOften?: { readonly times: number; readonly paths: readonly string[] };
}

/** Longer than the six seconds for which a lease is valid. */
export const LONGER_THAN_A_LEASE_MS = 7_000;
