// Where a fact of a position stands among the others: by its instant, then by its id.
import type { PositionFact } from "./state.ts";

export type Place = Pick<PositionFact, "at" | "id" | "kind">;

export function isBefore(left: Place, right: Place): boolean {
  if (left.at !== right.at) return left.at < right.at;
  if (left.id !== right.id) return left.id < right.id;
  return left.kind < right.kind;
}

export function isSamePlace(left: Place, right: Place): boolean {
  return left.id === right.id && left.at === right.at && left.kind === right.kind;
}
