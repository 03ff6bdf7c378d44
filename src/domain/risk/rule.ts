// What one rule of the risk chain is and what it may answer. Rules read a subject and never change it;
// the chain turns their answers into verdicts, so that no rule has to know about exits or shadows.
import { Decimal } from "../decimal.ts";
import type { InstrumentId } from "../ids.ts";
import type { LimitKey } from "../limits.ts";
import type { Numbers, RuleCode } from "../refusal.ts";
import type { Subject } from "./subject.ts";

/** Inputs whose absence has a code of its own. */
export type InputCode = Extract<
  RuleCode,
  "no_reference_price" | "no_fx_rate" | "no_account_equity"
>;

export interface MissingInput {
  readonly kind: "missing";
  readonly code: InputCode;
  readonly message: string;
  /** Instruments whose price would help. */
  readonly marks: readonly InstrumentId[];
}

export type Outcome =
  | {
      readonly kind: "pass";
      readonly message: string | null;
      readonly numbers: Numbers;
      readonly head: Decimal | null;
    }
  | {
      readonly kind: "refuse";
      readonly message: string;
      readonly numbers: Numbers;
      readonly head: Decimal | null;
      /** The setting that refuses, where a rule has several or only part of it is a setting. */
      readonly setting?: LimitKey;
    }
  /** The limit is not set: nothing is judged. */
  | { readonly kind: "off" }
  /** Refused for an entry, and the rule that is named after the input says so (invariant 7). */
  | MissingInput;

export interface RiskRule {
  readonly code: RuleCode;
  /** Exits are refused only by these rules; every other one warns them (invariant 6). */
  readonly refusesExits: boolean;
  /** The setting behind the rule; null for what no setting may switch off or shadow. */
  readonly limit: LimitKey | null;
  check(subject: Subject): Outcome;
}

const NO_NUMBERS: Numbers = Object.freeze({});
const PLAIN_PASS: Outcome = Object.freeze({
  kind: "pass",
  message: null,
  numbers: NO_NUMBERS,
  head: null,
});

export const OFF: Outcome = Object.freeze({ kind: "off" });

export function pass(numbers: Numbers = NO_NUMBERS, head: Decimal | null = null): Outcome {
  if (numbers === NO_NUMBERS && head === null) return PLAIN_PASS;
  return { kind: "pass", message: null, numbers, head };
}

/** Lets the order through and says something all the same. */
export function passWith(message: string, numbers: Numbers = NO_NUMBERS): Outcome {
  return { kind: "pass", message, numbers, head: null };
}

export function refuse(
  message: string,
  numbers: Numbers = NO_NUMBERS,
  head: Decimal | null = null,
): Outcome {
  return { kind: "refuse", message, numbers, head };
}

export function refuseBy(setting: LimitKey, message: string, numbers: Numbers): Outcome {
  return { kind: "refuse", message, numbers, head: null, setting };
}

export function missing(
  code: InputCode,
  message: string,
  marks: readonly InstrumentId[] = [],
): MissingInput {
  return { kind: "missing", code, message, marks };
}

export function isMissing(value: object): value is MissingInput {
  return !(value instanceof Decimal) && "kind" in value && value.kind === "missing";
}

/** Of a limit of the account and the strategy's own that both let it pass, the one with less room left. */
export function tighter(all: Outcome, own: Outcome): Outcome {
  if (own.kind !== "pass" || all.kind !== "pass") return own.kind === "off" ? all : own;
  if (own.head === null || all.head === null) return own;
  return own.head.lt(all.head) ? own : all;
}
