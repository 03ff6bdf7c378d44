// The short form: two of each fault under a steady stream of signals. `npm run faults` makes twenty.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Bots } from "./bots.ts";
import { makeFault, replayVerifies, type Row } from "./campaign.ts";
import { openHouse, type House } from "./house.ts";
import { FAULTS } from "./kinds.ts";
import { serversToBeHad } from "./servers.ts";
import { table } from "./table.ts";

const TIMES = 2;
const why = await serversToBeHad();

describe.skipIf(why !== null)(`whatever dies (${why ?? "real processes"})`, () => {
  let house: House;
  let bots: Bots;
  const rows: Row[] = [];

  beforeAll(async () => {
    house = await openHouse();
    bots = new Bots(`http://127.0.0.1:${house.entrance.port}`, house.accounts);
  }, 300_000);
  afterAll(async () => {
    process.stdout.write(`\n${table(rows)}\n`);
    await house.close();
  });

  for (const fault of FAULTS) {
    it(`${fault.name}: no signal is lost, none is doubled, order is kept`, async (test) => {
      const row = await makeFault({ house, bots }, fault, TIMES);
      rows.push(row);
      if (row.skipped !== null) test.skip(row.skipped);
      expect({ lost: row.lost, doubled: row.doubled, wrong: row.wrong }).toEqual({
        lost: [],
        doubled: [],
        wrong: [],
      });
    });
  }

  it("the whole log replays into the rows that there are", async () => {
    expect(await replayVerifies(house)).toBeNull();
  });
});
