// What changes a holding without a trade: balances, transfers, splits, dividends, a person's correction.
// With a price it counts like a trade at that price; without one the cost stays with what is held.
import type { PositionStory } from "../script.ts";

// One story a line.
// prettier-ignore
export const ADJUSTMENTS: readonly PositionStory[] = [
  { rule: "an opening balance enters at its price", facts: `opening +10@90`, ends: "10 cost 900 avg 90" },
  { rule: "an opening balance can be closed at once", facts: `opening +10@90\nsell 10@100`, ends: "0 gain 100" },
  { rule: "an opening short", facts: `opening -10@90\nbuy 10@80`, ends: "0 gain 100" },
  { rule: "an opening balance without a price has no cost", facts: `opening +10\nsell 5@100`, ends: "5 gain 500" },
  { rule: "an adopted order's holding joins the average", facts: `buy 10@100\nadopted +10@120`, ends: "20 cost 2200 avg 110" },
  { rule: "a transfer in at a price", facts: `buy 10@100\ntransfer +10@50`, ends: "20 cost 1500 avg 75" },
  { rule: "a transfer out at a price is like a sale", facts: `buy 10@100\ntransfer -5@110`, ends: "5 cost 500 gain 50 avg 100" },
  { rule: "a transfer out without a price leaves the cost", facts: `buy 10@100\ntransfer -5`, ends: "5 cost 1000 avg 200" },
  { rule: "a transfer of all without a price realises the cost", facts: `buy 10@100\ntransfer -10`, ends: "0 gain -1000" },
  { rule: "two for one keeps the cost and halves the average", facts: `buy 10@100\nsplit +10`, ends: "20 cost 1000 avg 50" },
  { rule: "four for one, then half of it sold", facts: `buy 10@100\nsplit +30\nsell 20@30`, ends: "20 cost 500 gain 100 avg 25" },
  { rule: "one for ten", facts: `buy 100@1\nsplit -90`, ends: "10 cost 100 avg 10" },
  { rule: "one for ten with cash for the fraction", facts: `buy 105@1\nsplit -95 cash 5`, ends: "10 cost 105 gain 5 avg 10.5" },
  { rule: "a split of a short", facts: `sell 10@100\nsplit -10`, ends: "-20 cost -1000 avg 50" },
  { rule: "a split of a short, covered", facts: `sell 10@100\nsplit -10\nbuy 20@45`, ends: "0 gain 100" },
  { rule: "a split between two buys", facts: `buy 10@100\nsplit +10\nbuy 20@60`, ends: "40 cost 2200 avg 55" },
  { rule: "a split after a partial sale", facts: `buy 10@100\nsell 5@120\nsplit +5`, ends: "10 cost 500 gain 100 avg 50" },
  { rule: "a dividend is a gain", facts: `buy 10@100\ndividend 7.5`, ends: "10 cost 1000 gain 7.5 avg 100" },
  { rule: "a dividend on a short is owed", facts: `sell 10@100\ndividend -7.5`, ends: "-10 cost -1000 gain -7.5 avg 100" },
  { rule: "a dividend after the close still counts", facts: `buy 10@100\nsell 10@100\ndividend 7.5`, ends: "0 gain 7.5" },
  { rule: "a person's correction with a price", facts: `buy 10@100\ncorrection -1@100`, ends: "9 cost 900 avg 100" },
  { rule: "a person's correction without one", facts: `buy 10@100\ncorrection -2`, ends: "8 cost 1000 avg 125" },
  { rule: "a correction through zero with a price", facts: `buy 10@100\ncorrection -12@110`, ends: "-2 cost -220 gain 100 avg 110" },
  { rule: "a correction through zero without one", facts: `buy 10@100\ncorrection -12`, ends: "-2 gain -1000" },
  { rule: "a short that a correction covers without a price", facts: `sell 10@100\ncorrection +10`, ends: "0 gain 1000" },
  { rule: "a correction of cash alone", facts: `buy 10@100\ncorrection +0 cash -3`, ends: "10 cost 1000 gain -3 avg 100" },
  { rule: "what was not paid leaves the cost", facts: `buy 10@100\ncorrection +10@50\nunpaid 500`, ends: "20 cost 1000 avg 50" },
  { rule: "what was not received comes back to the cost", facts: `buy 10@100\ncorrection -5@100\nunpaid -500`, ends: "5 cost 1000 avg 200" },
  { rule: "what was not received for a short", facts: `sell 10@100\ncorrection -10@50\nunpaid -500`, ends: "-20 cost -1000 avg 50" },
  { rule: "what was not paid beyond the cost is a gain", facts: `buy 10@100\nsell 9@100\nunpaid 150`, ends: "1 gain 50" },
  { rule: "what was not paid is a gain where nothing is held", facts: `buy 10@100\nsell 10@100\nunpaid 150`, ends: "0 gain 150" },
];
