// The risk chain: every rule is asked, every answer is kept with its numbers, and the first refusal in
// the order of RULE_CODES names the reject code. Here alone it is decided what an answer means for an
// exit, for a limit that only shadows, and for an order that waits for the open.
import { RULE_CODES } from "../refusal.ts";
import type { Refusal, RuleCode, Verdict, VerdictResult } from "../refusal.ts";
import type { UsedMark } from "../event.ts";
import type { InstrumentId } from "../ids.ts";
import type { Candidate, RiskAnswer } from "./candidate.ts";
import { holdForOpen } from "./hold-for-open.ts";
import type { Outcome, RiskRule } from "./rule.ts";
import type { Unjudged } from "./rules/missing-input.ts";
import { INPUT_RULES, RULES } from "./rules.ts";
import { Subject } from "./subject.ts";

const NOTHING_JUDGED: Verdict["numbers"] = Object.freeze({});

export function evaluateRisk(candidate: Candidate): RiskAnswer {
  const subject = new Subject(candidate);
  return new Chain(subject).answer();
}

class Chain {
  readonly #subject: Subject;
  readonly #verdicts = new Map<RuleCode, Verdict>();
  readonly #unjudged: (Unjudged & { readonly result: VerdictResult })[] = [];
  #holdUntil: number | null = null;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  answer(): RiskAnswer {
    const { limits } = this.#subject;
    for (const rule of RULES) {
      if (rule.limit !== null && limits.enable_risk_checks === false) {
        this.#keep(rule.code, "off", null);
        continue;
      }
      this.#judge(rule, rule.check(this.#subject));
    }
    this.#nameMissingInputs();

    const verdicts = this.#inOrder();
    const refused = verdicts.filter(({ result }) => result === "refuse");
    const first = refused.find(({ rule }) => !this.#couldNotJudge(rule));
    const refusal = first === undefined ? null : refusalOf(first);
    const missingPrice = refused.length > 0 && refused.every((one) => this.#wantsPrice(one));
    return {
      verdicts,
      refusal: missingPrice ? null : refusal,
      reducesPosition: this.#subject.reducesPosition,
      mark: usedMark(this.#subject),
      holdForOpenUntil: refusal === null ? this.#holdUntil : null,
      missingPrice,
      refusalWithoutPrice: missingPrice ? refusal : null,
      wantedMarks: missingPrice ? this.#wantedMarks() : [],
    };
  }

  #judge(rule: RiskRule, outcome: Outcome): void {
    if (outcome.kind === "pass") return this.#keep(rule.code, "pass", outcome);
    if (outcome.kind === "off") return this.#keep(rule.code, "off", null);
    const result = this.#weigh(rule, outcome);
    if (outcome.kind === "missing") {
      this.#unjudged.push({ rule: rule.code, input: outcome, result });
      return this.#keep(rule.code, result, { ...outcome, numbers: NOTHING_JUDGED, head: null });
    }
    this.#keep(rule.code, result, outcome);
  }

  /** What a refusal comes to: for exits, in shadow, and before the open. */
  #weigh(rule: RiskRule, outcome: Extract<Outcome, { kind: "refuse" | "missing" }>): VerdictResult {
    const { reducesPosition, limits } = this.#subject;
    if (reducesPosition && !rule.refusesExits) return "warn";
    const setting = (outcome.kind === "refuse" ? outcome.setting : undefined) ?? rule.limit;
    if (setting !== null && limits.shadow.has(setting)) return "shadow";
    if (rule.code === "session_open") {
      this.#holdUntil = holdForOpen(this.#subject);
      return this.#holdUntil === null ? "refuse" : "warn";
    }
    // A closed market has no fresh price. The order is judged again by one when it is released.
    const needsPriceOfNow =
      rule.code === "quote_age_max_ms" ||
      (outcome.kind === "missing" && outcome.code === "no_reference_price");
    return this.#holdUntil !== null && needsPriceOfNow ? "warn" : "refuse";
  }

  #nameMissingInputs(): void {
    for (const rule of INPUT_RULES) {
      const refused = rule.judge(this.#unjudged.filter(({ result }) => result === "refuse"));
      if (refused.kind === "refuse") {
        this.#keep(rule.code, "refuse", refused);
        continue;
      }
      const warned = rule.judge(this.#unjudged);
      if (warned.kind === "refuse") this.#keep(rule.code, "warn", warned);
      else this.#keep(rule.code, "pass", null);
    }
  }

  #keep(
    rule: RuleCode,
    result: VerdictResult,
    said: (Pick<Verdict, "numbers" | "head"> & { readonly message: string | null }) | null,
  ): void {
    this.#verdicts.set(rule, {
      rule,
      result,
      message: said?.message ?? null,
      numbers: said?.numbers ?? NOTHING_JUDGED,
      head: said?.head ?? null,
    });
  }

  #inOrder(): readonly Verdict[] {
    const verdicts: Verdict[] = [];
    for (const code of RULE_CODES) {
      const verdict = this.#verdicts.get(code);
      if (verdict !== undefined) verdicts.push(verdict);
    }
    return verdicts;
  }

  /** Then the rule that is named after the input refuses in its place. */
  #couldNotJudge(rule: RuleCode): boolean {
    return this.#unjudged.some((unjudged) => unjudged.rule === rule);
  }

  /** A price that is too old is as good as none: a fresh one may be on its way. */
  #wantsPrice({ rule }: Verdict): boolean {
    if (rule === "no_reference_price" || rule === "quote_age_max_ms") return true;
    return this.#unjudged.some(
      (unjudged) => unjudged.rule === rule && unjudged.input.code === "no_reference_price",
    );
  }

  #wantedMarks(): readonly InstrumentId[] {
    const { id } = this.#subject.instrument;
    return [...new Set([id, ...this.#unjudged.flatMap(({ input }) => input.marks)])];
  }
}

function refusalOf({ rule, message, numbers }: Verdict): Refusal {
  return { code: rule, by: "risk", message: message ?? rule, numbers };
}

function usedMark({ mark, markAgeMs }: Subject): UsedMark | null {
  if (mark === null || markAgeMs === null) return null;
  return { bid: mark.bid, ask: mark.ask, last: mark.last, ageMs: markAgeMs };
}
