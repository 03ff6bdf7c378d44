// The short form: two of each fault under a steady stream of signals. `npm run faults` makes twenty.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bots } from "./bots.ts";
import { judgeAll, replayVerifies, strike, type Strikes } from "./campaign.ts";
import { openHouse, type House } from "./house.ts";
import { FAULTS } from "./kinds.ts";
import { serversToBeHad } from "./servers.ts";
import { table } from "./table.ts";

const TIMES = 2;
/** How the activities relate to the stream changes from fault to fault, under fills that are known already. */
const ACTIVITY_IDS = ["different", "none", "same"] as const;
const why = await serversToBeHad();

describe.skipIf(why !== null)(`whatever dies (${why ?? "real processes"})`, () => {
  let house: House;
  let bots: Bots;
  const made: Strikes[] = [];

  beforeAll(async () => {
    house = await openHouse();
    bots = new Bots(`http://127.0.0.1:${house.entrance.port}`, house.accounts);
  }, 300_000);
  afterAll(async () => house.close());

  for (const [index, fault] of FAULTS.entries()) {
    it(`${fault.name}: it was felt, and every account trades again`, async (test) => {
      await house.venue.nameActivities(ACTIVITY_IDS[index % ACTIVITY_IDS.length] ?? "same");
      const strikes = await strike({ house, bots }, fault, TIMES);
      made.push(strikes);
      if (strikes.skipped !== null) test.skip(strikes.skipped);
      expect(strikes.missed).toEqual([]);
    });
  }

  it("no signal is lost, none is doubled, order is kept, positions are the exchange's", async () => {
    const { verdict, rows } = await judgeAll({ house, bots }, made);
    const { lost, doubled, wrong } = verdict;
    const refused = Object.fromEntries(verdict.refused);
    const counted = { lost: lost.length, doubled: doubled.length, wrong: wrong.length, refused };
    process.stdout.write(`\n${table(rows)}\n${JSON.stringify(counted)}\n`);
    expect({ lost, doubled, wrong }).toEqual({ lost: [], doubled: [], wrong: [] });
    expect(bots.cancelled).not.toEqual([]);
  });

  it("the whole log replays into the rows that there are", async () => {
    expect(await replayVerifies(house)).toBeNull();
  });
});
