// `npm run faults`: every fault twenty times and more, and the table of what became of the signals.
// `--each 5` makes fewer, `--only "kill -9"` those whose name has this in it, `--share 1/2` every second kind,
// for two runs side by side; `--ids same|different|none` is how the exchange's activity ids relate to its
// stream's execution ids.
import { parseArgs } from "node:util";
import { Bots } from "./bots.ts";
import { judgeAll, replayVerifies, strike } from "./campaign.ts";
import { openHouse } from "./house.ts";
import { FAULTS } from "./kinds.ts";
import { table, type JudgedRow } from "./table.ts";

const { values } = parseArgs({
  options: {
    each: { type: "string", default: "20" },
    only: { type: "string", default: "" },
    share: { type: "string", default: "1/1" },
    ids: { type: "string", default: "different" },
  },
});
const [share = 1, of = 1] = values.share.split("/").map(Number);
const chosen = FAULTS.filter(({ name }) => name.includes(values.only)).filter(
  (_, index) => index % of === share - 1,
);
const house = await openHouse({ ACTIVITY_IDS: values.ids });
const judged: JudgedRow[] = [];
const problems: string[] = [];
try {
  const bots = new Bots(`http://127.0.0.1:${house.entrance.port}`, house.accounts);
  for (const fault of chosen) {
    const began = performance.now();
    const strikes = await strike({ house, bots }, fault, Number(values.each));
    const { verdict, rows } = await judgeAll({ house, bots }, [strikes]);
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    const refused = [...verdict.refused].map(([code, count]) => `${count} ${code}`).join(", ");
    const made = strikes.skipped ?? `${strikes.struck} made`;
    console.log(`${fault.name}: ${made}, ${seconds} s; refused so far: ${refused || "none"}`);
    const { lost, doubled, wrong } = verdict;
    console.log(`  so far ${lost.length} lost, ${doubled.length} doubled, ${wrong.length} wrong`);
    judged.push(
      ...rows.map((row) => ({
        ...row,
        lost: lost.length,
        doubled: doubled.length,
        wrong: wrong.length,
      })),
    );
    problems.push(...[...strikes.missed, ...lost, ...doubled, ...wrong].slice(0, 20));
    const differences = await replayVerifies(house);
    if (differences !== null) problems.push(`after ${fault.name}: ${differences}`);
  }
} finally {
  // Also of what was judged before something broke off.
  console.log(`\n${table(judged)}\n`);
  await house.close();
}
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? "Every log replays." : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
