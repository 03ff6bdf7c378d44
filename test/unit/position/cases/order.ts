// Facts that come late, twice, are taken back or corrected: the position is as if they had come in their
// own order, once. `at` is the instant of a fact, where it is not that of its line.
import type { PositionStory } from "../script.ts";

// One story a line.
// prettier-ignore
export const ORDER: readonly PositionStory[] = [
  { rule: "the sell comes before its buy", facts: `sell 10@110 at 2\nbuy 10@100 at 1`, ends: "0 gain 100" },
  { rule: "a late first buy averages as if in time", facts: `sell 5@120 at 3\nbuy 10@110 at 2\nbuy 10@100 at 1`, ends: "15 cost 1575 gain 75 avg 105" },
  { rule: "a late buy before a flip", facts: `buy 10@100 at 1\nsell 15@110 at 3\nbuy 5@100 at 2`, ends: "0 gain 150" },
  { rule: "a late buy after a flip", facts: `buy 10@100 at 1\nsell 15@110 at 2\nbuy 5@100 at 4`, ends: "0 gain 150" },
  { rule: "a late sell between two buys", facts: `buy 10@100 at 1\nbuy 10@120 at 3\nsell 5@110 at 2`, ends: "15 cost 1700 gain 50 avg 113.333333333333" },
  { rule: "the same instant is ordered by id", facts: `buy 10@100 at 1\nsell 10@110 at 1\nbuy 10@120 at 1`, ends: "10 cost 1200 gain 100 avg 120" },
  { rule: "a split that comes after the trade that followed it", facts: `buy 10@100 at 1\nbuy 20@60 at 3\nsplit +10 at 2`, ends: "40 cost 2200 avg 55" },
  { rule: "a bust of the only buy", facts: `buy 10@100\nbust 1`, ends: "0" },
  { rule: "a bust of the second buy", facts: `buy 10@100\nbuy 10@110\nbust 2`, ends: "10 cost 1000 avg 100" },
  { rule: "a bust of the first buy", facts: `buy 10@100\nbuy 10@110\nbust 1`, ends: "10 cost 1100 avg 110" },
  { rule: "a bust of the sale opens again", facts: `buy 10@100\nsell 10@110\nbust 2`, ends: "10 cost 1000 avg 100" },
  { rule: "a bust of the buy behind a sale leaves a short", facts: `buy 10@100\nsell 10@110\nbust 1`, ends: "-10 cost -1100 avg 110" },
  { rule: "a bust takes its fee along", facts: `buy 10@100 fee 1\nbuy 10@110 fee 2\nbust 2`, ends: "10 cost 1000 fees 1 avg 100" },
  { rule: "a bust takes its fee in the asset along", facts: `buy 10@100\nbuy 10@110 infee 1\nbust 2`, ends: "10 cost 1000 avg 100" },
  { rule: "a bust of a flip", facts: `buy 10@100\nsell 15@110\nbust 2`, ends: "10 cost 1000 avg 100" },
  { rule: "a correction of the price", facts: `buy 10@100\ncorrect 1 to 10@99`, ends: "10 cost 990 avg 99" },
  { rule: "a correction of the quantity", facts: `buy 10@100\ncorrect 1 to 9@100`, ends: "9 cost 900 avg 100" },
  { rule: "a correction of a buy behind a sale changes the gain", facts: `buy 10@100\nsell 10@110\ncorrect 1 to 10@105`, ends: "0 gain 50" },
  { rule: "a correction of a flip", facts: `buy 10@100\nsell 15@110\ncorrect 2 to 10@110`, ends: "0 gain 100" },
  { rule: "a correction behind an average", facts: `buy 10@100\nbuy 10@120\nsell 10@130\ncorrect 1 to 10@110`, ends: "10 cost 1150 gain 150 avg 115" },
];
