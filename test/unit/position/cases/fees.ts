// Fees: in money they stand beside the position, in the asset they lower what is held.
import type { PositionStory } from "../script.ts";

// One story a line.
// prettier-ignore
export const FEES: readonly PositionStory[] = [
  { rule: "a fee in money is not part of the cost", facts: `buy 10@100 fee 1`, ends: "10 cost 1000 fees 1 avg 100" },
  { rule: "fees add up over both sides", facts: `buy 10@100 fee 1\nsell 10@110 fee 1.5`, ends: "0 gain 100 fees 2.5" },
  { rule: "a rebate lowers the fees", facts: `buy 10@100 fee 1\nsell 10@110 fee -0.4`, ends: "0 gain 100 fees 0.6" },
  { rule: "a fee on a flip is counted once", facts: `buy 10@100\nsell 15@110 fee 3`, ends: "-5 cost -550 gain 100 fees 3 avg 110" },
  { rule: "a fee on a short", facts: `sell 10@100 fee 1\nbuy 10@90 fee 1`, ends: "0 gain 100 fees 2" },
  { rule: "tiny fees stay exact", facts: `buy 1@100 fee 0.000000001\nbuy 1@100 fee 0.000000002`, ends: "2 cost 200 fees 0.000000003 avg 100" },
  { rule: "a fee in the asset lowers the quantity, not the cost", facts: `buy 1@100 infee 0.001`, ends: "0.999 cost 100 avg 100.1001001001" },
  { rule: "what is left after a fee in the asset can be closed whole", facts: `buy 1@100 infee 0.001\nsell 0.999@100`, ends: "0 gain -0.1" },
  { rule: "fees in the asset over two buys", facts: `buy 1@100 infee 0.001\nbuy 1@100 infee 0.001`, ends: "1.998 cost 200 avg 100.1001001001" },
  { rule: "half of it sold", facts: `buy 1@100 infee 0.2\nsell 0.4@150`, ends: "0.4 cost 50 gain 10 avg 125" },
  { rule: "a fee in the asset that takes all of it is a loss", facts: `buy 1@100 infee 1`, ends: "0 gain -100" },
  { rule: "a fee in the asset beyond what is held opens a short without cost", facts: `buy 1@100 infee 1.5`, ends: "-0.5 gain -100" },
  { rule: "a sell with a fee in the asset", facts: `buy 2@100\nsell 1@110 infee 0.5`, ends: "0.5 cost 100 gain 10 avg 200" },
  { rule: "a close with a fee in the asset is short by the fee", facts: `buy 1@100\nsell 1@110 infee 0.001`, ends: "-0.001 gain 10" },
  { rule: "a short with a fee in the asset owes more", facts: `sell 1@100 infee 0.25`, ends: "-1.25 cost -100 avg 80" },
  { rule: "both kinds of fee at once", facts: `buy 1@100 fee 2 infee 0.5`, ends: "0.5 cost 100 fees 2 avg 200" },
  { rule: "a fee booked at the end of the day", facts: `buy 10@100\ncost -2.5`, ends: "10 cost 1000 fees 2.5 avg 100" },
  { rule: "a fee given back", facts: `buy 10@100\ncost -2.5\ncost 1`, ends: "10 cost 1000 fees 1.5 avg 100" },
  { rule: "a fee on a flat position", facts: `buy 10@100\nsell 10@100\ncost -2`, ends: "0 fees 2" },
  { rule: "a fee in coins at the end of the day", facts: `buy 1@100\nfeecoin -0.2`, ends: "0.8 cost 100 avg 125" },
  { rule: "a fee in coins that takes all of it", facts: `buy 1@100\nfeecoin -1`, ends: "0 gain -100" },
  { rule: "a fee in coins with a fee in money", facts: `buy 1@100\nfeecoin -0.2 cash -3`, ends: "0.8 cost 100 fees 3 avg 125" },
];
