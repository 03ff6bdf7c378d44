// Leases: one holder at a time, and an epoch that says which one.
import { expect, it } from "vitest";
import { presenceOf } from "../../../src/ports/store.ts";
import type { StoreUnderTest } from "./scene.ts";

export function leaseCases(under: () => StoreUnderTest): void {
  const store = () => under().store;

  it("gives a lease to one owner only, and at most as many as were asked for", async () => {
    const mine = await store().take(["p0", "p1", "p2"], "one", 2);
    const theirs = await store().take(["p0", "p1", "p2"], "two", 3);
    expect(mine).toHaveLength(2);
    expect(theirs).toHaveLength(1);
    const names = [...mine, ...theirs].map((lease) => lease.name);
    expect(names.toSorted()).toEqual(["p0", "p1", "p2"]);
  });

  it("counts the leases of those who are present", async () => {
    await store().take([presenceOf("one"), "p0"], "one", 2);
    const [presence] = await store().take([presenceOf("two")], "two", 1);
    await store().take(["p1"], "two", 1);
    expect(Object.fromEntries(await store().owners())).toEqual({ one: 2, two: 2 });
    await store().release(presence === undefined ? [] : [presence], "two");
    expect(Object.fromEntries(await store().owners())).toEqual({ one: 2 });
    await under().expireLeases();
    expect((await store().owners()).size).toBe(0);
  });

  it("gives a lease once when many ask at the same time", async () => {
    const owners = ["one", "two", "three", "four"];
    const taken = await Promise.all(owners.map((owner) => store().take(["p0"], owner, 1)));
    expect(taken.flat()).toHaveLength(1);
  });

  it("renews what is ours, and leaves out what is not", async () => {
    const [lease] = await store().take(["p0"], "one", 1);
    if (lease === undefined) throw new Error("p0 is free");
    const renewed = await store().renew([lease], "one");
    expect(renewed.map(({ name, epoch }) => ({ name, epoch }))).toEqual([
      { name: "p0", epoch: lease.epoch },
    ]);
    expect(renewed[0]?.until).toBeGreaterThanOrEqual(lease.until);
    expect(await store().renew([lease], "two")).toEqual([]);
    expect(await store().renew([{ ...lease, epoch: lease.epoch + 1 }], "one")).toEqual([]);
  });

  it("raises the epoch with every new holder, and the old one is shut out", async () => {
    const [old] = await store().take(["p0"], "one", 1);
    if (old === undefined) throw new Error("p0 is free");
    await under().expireLeases();
    const [fresh] = await store().take(["p0"], "two", 1);
    expect(fresh?.epoch).toBeGreaterThan(old.epoch);
    expect(await store().renew([old], "one")).toEqual([]);
    await store().release([old], "one");
    expect(await store().take(["p0"], "three", 1)).toEqual([]);
  });

  it("hands a lease over at once when it is released", async () => {
    const held = await store().take(["p0", "job"], "one", 2);
    await store().release(held, "one");
    const taken = await store().take(["p0", "job"], "two", 2);
    expect(taken.map(({ name }) => name).toSorted()).toEqual(["job", "p0"]);
  });

  it("gives a faulted partition to nobody", async () => {
    const [lease] = await store().take(["p0"], "one", 1);
    if (lease === undefined) throw new Error("p0 is free");
    await store().setPartitionFault({ partition: 0, epoch: lease.epoch }, "its book is broken");
    await store().release([lease], "one");
    const taken = await store().take(["p0", "p1"], "one", 2);
    expect(taken.map(({ name }) => name)).toEqual(["p1"]);
  });

  it("does not believe a holder of the past that a partition is at fault", async () => {
    const [old] = await store().take(["p0"], "one", 1);
    if (old === undefined) throw new Error("p0 is free");
    await under().expireLeases();
    const [fresh] = await store().take(["p0"], "two", 1);
    if (fresh === undefined) throw new Error("p0 is free");
    await store().setPartitionFault({ partition: 0, epoch: old.epoch }, "its book is broken");
    await store().release([fresh], "two");
    expect(await store().take(["p0"], "three", 1)).toHaveLength(1);
  });
}
