// Configuration and marks: what everyone looks at, and how they hear of changes.
import { expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { AAPL, ACCOUNTS, INSTRUMENTS, MORNING, type StoreUnderTest } from "./scene.ts";

const mark = (last: string, at: number) => ({
  instrumentId: AAPL,
  bid: null,
  ask: Decimal.of("100.01"),
  last: Decimal.of(last),
  at,
});

export function worldCases(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("knows the accounts and instruments it was set up with", async () => {
    const accounts = await store().accounts();
    expect(accounts.map(({ id }) => id).toSorted()).toEqual(
      ACCOUNTS.map(({ id }) => id).toSorted(),
    );
    expect(await store().instruments()).toEqual(INSTRUMENTS);
  });

  it("resolves limits for an account", async () => {
    const [account] = ACCOUNTS;
    if (account === undefined) throw new Error("there are accounts");
    const limits = (await store().limits()).for(account.id, "AAPL", null);
    expect(limits.max_position_size_usd?.toString()).toBe("10000");
  });

  it("tells of a change", async () => {
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const stop = await store().onChange(() => tell());
    await under().changeTradingState("reducing");
    await told;
    await stop();
    const { rows } = await store().tradingStates();
    expect(rows.map(({ state }) => state)).toContain("reducing");
  });

  it("tells of a change until it was taken over", async () => {
    let refusals = 5;
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const stop = await store().onChange(async () => {
      refusals -= 1;
      if (refusals >= 0) throw new Error("the record was away just then");
      tell();
    });
    await under().changeTradingState("active");
    await told;
    await stop();
  });

  it("keeps the last mark of each instrument", async () => {
    await store().saveMarks([mark("100", MORNING)]);
    await store().saveMarks([mark("101", MORNING + 1)]);
    expect(await store().loadMarks()).toEqual([mark("101", MORNING + 1)]);
  });

  it("keeps the price of an instrument when one side of a quote is all that comes", async () => {
    const side = { ...mark("100", MORNING + 1), last: null };
    await store().saveMarks([side]);
    expect(await store().loadMarks()).toEqual([side]);
    await store().saveMarks([mark("101", MORNING + 2), { ...side, at: MORNING + 3 }]);
    await store().saveMarks([{ ...side, at: MORNING + 4 }]);
    await store().saveMarks([mark("99", MORNING + 1)]);
    expect(await store().loadMarks()).toEqual([mark("101", MORNING + 2)]);
  });
}
