// Refuses when other rules could not judge for want of an input, and names the input: the rules that
// asked say so in their own verdicts.
import { pass, refuse } from "../rule.ts";
import type { InputCode, MissingInput, Outcome } from "../rule.ts";
import type { RuleCode } from "../../refusal.ts";

/** A rule that could not judge. */
export interface Unjudged {
  readonly rule: RuleCode;
  readonly input: MissingInput;
}

/** A rule over what the other rules missed; the chain asks it last and lists it in its place. */
export interface InputRule {
  readonly code: InputCode;
  judge(unjudged: readonly Unjudged[]): Outcome;
}

export function inputRule(code: InputCode): InputRule {
  return {
    code,
    judge(unjudged) {
      const mine = unjudged.filter(({ input }) => input.code === code);
      const [first] = mine;
      if (first === undefined) return pass();
      const rules = mine.map(({ rule }) => rule).join(", ");
      return refuse(`${first.input.message}, so ${rules} cannot be judged`, { rules });
    },
  };
}
