// Which of two values of a limit allows more: what `hard` rows and strategies' own limits are judged by.
import { Decimal } from "../decimal.ts";
import { LIMIT_DEFINITIONS } from "../limits.ts";
import type { LimitDefinition, LimitKey } from "../limits.ts";
import type { LimitValue } from "./limit-value.ts";

/** Whether `value` allows everything that `bound` allows, and more. Off always allows the most. */
export function isLooser(key: LimitKey, value: LimitValue, bound: LimitValue): boolean {
  const { loosens, choices }: LimitDefinition = LIMIT_DEFINITIONS[key];
  if (bound === null) return false;
  if (value === null) return true;
  switch (loosens) {
    case "more":
      return compare(value, bound) > 0;
    case "less":
      return compare(value, bound) < 0;
    case "on":
      return value === true && bound === false;
    case "off":
      return value === false && bound === true;
    case "earlier":
      return placeOf(choices, value) < placeOf(choices, bound);
    case "wider":
      return !holdsAll(bound, value);
    case "narrower":
      return !holdsAll(value, bound);
    case null:
      return value !== bound;
  }
}

export function looser<Value extends LimitValue>(key: LimitKey, one: Value, other: Value): Value {
  return isLooser(key, one, other) ? one : other;
}

function placeOf(choices: readonly string[] | undefined, value: LimitValue): number {
  return (choices ?? []).findIndex((choice) => choice === value);
}

function compare(value: LimitValue, bound: LimitValue): number {
  if (value instanceof Decimal && bound instanceof Decimal) return value.compare(bound);
  if (typeof value === "number" && typeof bound === "number") return value - bound;
  throw new TypeError("two values of one limit are of different kinds");
}

/** Whether every symbol of `part` is in `whole`. */
function holdsAll(whole: LimitValue, part: LimitValue): boolean {
  if (!(whole instanceof Set) || !(part instanceof Set)) {
    throw new TypeError("two values of one limit are of different kinds");
  }
  return [...part].every((symbol) => whole.has(symbol));
}
