// Two shapes of load beside the usual one: a single symbol, where order among signals costs most, and
// 200 signals a minute, which is what one of Alpaca's accounts may send.
import { measure, type Measured, type Phase } from "../measure.ts";
import { inTurn, type PartResult, type Run } from "../plan.ts";
import { table } from "../report/table.ts";
import { told, verify, withSystems } from "./systems.ts";

export function shapes(run: Run): Promise<PartResult> {
  return withSystems(run, async (house, systems) => {
    const { rounds, perSecond, seconds, slowPerMinute, slowSeconds } = run.plan.shapes;
    const slow = slowPerMinute / 60;
    const wanted: readonly Omit<Phase, "prefix">[] = [
      {
        ...{ name: `${perSecond}/s of one symbol`, perSecond, count: perSecond * seconds },
        symbols: house.symbols.slice(0, 1),
      },
      {
        ...{ name: `${slowPerMinute} a minute`, perSecond: slow },
        count: Math.round(slow * slowSeconds),
      },
    ];
    const all: Measured[] = [];
    await inTurn(Array.from({ length: rounds }), async (_, round) => {
      await inTurn(wanted, async (phase, index) => {
        await inTurn(systems, async (system) => {
          const prefix = `s${round}-${index}-${system.name}`;
          const measured = await measure(house, system, { ...phase, prefix });
          run.say(told(measured));
          all.push(measured);
        });
      });
    });
    const problems = await verify(house, systems, all);
    return { part: "shapes", text: table(all), data: { all }, problems };
  });
}
