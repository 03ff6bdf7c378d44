// Who sells more than is held goes short, on purpose or not. Four have to agree: the setting, the asset
// class, the instrument and the account.
import { isMissing, pass, refuse, refuseBy } from "../rule.ts";
import type { MissingInput, RiskRule } from "../rule.ts";
import type { Subject } from "../subject.ts";

export const shortNotAllowed: RiskRule = {
  code: "short_not_allowed",
  refusesExits: false,
  // The rule has parts that no switch turns off, so it looks at `enable_risk_checks` by itself.
  limit: null,
  check(subject) {
    if (subject.side === "buy" || subject.reducesPosition) return pass();
    const reached = subject.reachedQuantity();
    if (isMissing(reached)) return reached;
    if (!reached.isPositive()) return pass();
    const objection = objectionTo(subject);
    if (objection === null || isMissing(objection)) return objection ?? pass();

    const { instrument, held, free } = subject;
    const wouldBe = reached.negated().toString();
    const numbers = { held: held.toString(), free: free.toString(), would_be: wouldBe };
    const message =
      `${objection.words}: this sale could take ${instrument.symbol} to ${wouldBe}, ` +
      `with ${numbers.held} held and ${numbers.free} of it free to sell`;
    if (objection.bySetting) return refuseBy("allow_short", message, numbers);
    return refuse(message, numbers, free);
  },
};

interface Objection {
  readonly words: string;
  readonly bySetting: boolean;
}

function objectionTo(subject: Subject): Objection | MissingInput | null {
  const { instrument, limits } = subject;
  const venues = (words: string): Objection => ({ words, bySetting: false });
  if (instrument.assetClass === "crypto") return venues("crypto cannot be sold short");
  if (!instrument.shortable)
    return venues(`${instrument.symbol} cannot be sold short at the broker`);
  const equity = subject.equity();
  if (isMissing(equity)) return equity;
  if (!equity.shortingEnabled) return venues("the account may not sell short at the broker");
  if (limits.enable_risk_checks === false || limits.allow_short === true) return null;
  return { words: "short positions are not allowed (allow_short is false)", bySetting: true };
}
