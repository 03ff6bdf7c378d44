// What a run measures and in what sizes: settings.json, of which single values may be set by --set.
import settings from "./settings.json" with { type: "json" };
import { PEERS } from "./systems/peer.ts";

type Sizes = typeof settings.plan;
export interface Plan extends Sizes {
  readonly latency: Sizes["latency"] & {
    /** A round that would not end so many seconds after the run's beginning is not begun; the first one always is. */
    readonly withinSeconds?: number;
  };
}
export const PART_NAMES = [
  ...["latency", "shapes", "cost", "sustained", "drain", "prices", "replay"],
  ...["start", "failover", "faults", "growth"],
] as const;

/** Everything a part of the benchmark is given. */
export interface Run {
  readonly plan: Plan;
  /** Who is measured, in the order of the tables. */
  readonly only: readonly string[];
  /** Flags of Node for Fillstream's processes. */
  readonly execArgv: readonly string[];
  say(text: string): void;
  /** Since the run began. */
  seconds(): number;
}

export interface PartResult {
  readonly part: string;
  /** For the terminal. */
  readonly text: string;
  /** For the file. */
  readonly data: unknown;
  /** What must not have happened. */
  readonly problems: readonly string[];
}

export function peersOf({ only }: Run) {
  return PEERS.filter((name) => only.includes(name));
}

/** `drain.count=2000`, `latency.rounds=1`: the value is JSON. */
export function planWith(changes: readonly string[]): Plan {
  const plan: Plan = structuredClone(settings.plan);
  for (const change of changes) {
    const equals = change.indexOf("=");
    const path = change.slice(0, equals).split(".");
    const last = path.pop() ?? "";
    let place: unknown = plan;
    for (const name of path) place = isRecord(place) ? place[name] : undefined;
    if (!isRecord(place) || !(last in place)) throw new Error(`there is no setting ${change}`);
    place[last] = JSON.parse(change.slice(equals + 1));
  }
  return plan;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export async function inTurn<Item>(
  items: readonly Item[],
  act: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  for (const [index, item] of items.entries()) await act(item, index);
}
