import { describe, expect, test } from "vitest";
import {
  CommitUnknown,
  StoreUnavailable,
  type CommitResult,
  type PartitionCommit,
} from "../../../src/ports/store.ts";
import { Committer } from "../../../src/worker/committer.ts";
import { settle } from "../../support/manual-clock.ts";

const part = (partition: number): PartitionCommit => ({
  partition,
  epoch: 1,
  afterSeq: 0,
  events: [],
  decidedSignals: 0,
  decidedCommands: 0,
  orders: [],
  positions: [],
  checkpoints: [],
  tradingVersion: null,
});

/** A store whose commits end when the test says so. */
function heldStore() {
  const groups: {
    partitions: number[];
    finish: (results: CommitResult[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  return {
    groups,
    commit: (parts: readonly PartitionCommit[]) =>
      new Promise<readonly CommitResult[]>((finish, fail) => {
        groups.push({ partitions: parts.map(({ partition }) => partition), finish, fail });
      }),
  };
}

describe("the committer", () => {
  test("brings partitions that are ready together into one commit", async () => {
    const store = heldStore();
    const committer = new Committer(store);
    const results = Promise.all([committer.commit(part(1)), committer.commit(part(2))]);
    await settle();
    expect(store.groups.map((group) => group.partitions)).toEqual([[1, 2]]);
    store.groups[0]?.finish([{ result: "committed" }, { result: "fenced" }]);
    expect(await results).toEqual([{ result: "committed" }, { result: "fenced" }]);
  });

  test("gathers what becomes ready while commits are under way", async () => {
    const store = heldStore();
    const committer = new Committer(store);
    const all: Promise<CommitResult>[] = [];
    for (const partition of [1, 2, 3, 4]) {
      all.push(committer.commit(part(partition)));
      await settle();
    }
    expect(store.groups.map((group) => group.partitions)).toEqual([[1], [2]]);
    store.groups[0]?.finish([{ result: "committed" }]);
    await settle();
    expect(store.groups[2]?.partitions).toEqual([3, 4]);
    store.groups[1]?.finish([{ result: "committed" }]);
    store.groups[2]?.finish([{ result: "committed" }, { result: "committed" }]);
    expect(await Promise.all(all)).toHaveLength(4);
  });

  for (const fault of [new StoreUnavailable("gone"), new CommitUnknown("nobody knows")]) {
    test(`a fault that passes is everyone's in the commit: ${fault.name}`, async () => {
      const store = heldStore();
      const committer = new Committer(store);
      const outcomes = Promise.allSettled([committer.commit(part(1)), committer.commit(part(2))]);
      await settle();
      store.groups[0]?.fail(fault);
      expect(await outcomes).toEqual([
        { status: "rejected", reason: fault },
        { status: "rejected", reason: fault },
      ]);
      expect(store.groups).toHaveLength(1);
    });
  }

  test("a part that the record refuses is refused alone: the others are committed", async () => {
    const store = heldStore();
    const committer = new Committer(store);
    const parts = [part(1), part(2), part(3)];
    const outcomes = Promise.allSettled(parts.map((each) => committer.commit(each)));
    await settle();
    const refusal = new Error("a constraint of the record");
    store.groups[0]?.fail(refusal);
    await settle();
    store.groups[1]?.finish([{ result: "committed" }]);
    await settle();
    store.groups[2]?.fail(refusal);
    await settle();
    store.groups[3]?.finish([{ result: "fenced" }]);
    expect(store.groups.map(({ partitions }) => partitions)).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(await outcomes).toEqual([
      { status: "fulfilled", value: { result: "committed" } },
      { status: "rejected", reason: refusal },
      { status: "fulfilled", value: { result: "fenced" } },
    ]);
  });

  test("each part alone holds its place: no third commit runs beside them", async () => {
    const store = heldStore();
    const committer = new Committer(store);
    const outcomes = Promise.allSettled([committer.commit(part(1)), committer.commit(part(2))]);
    await settle();
    const other = committer.commit(part(3));
    await settle();
    store.groups[0]?.fail(new Error("a constraint of the record"));
    await settle();
    const waiting = committer.commit(part(4));
    await settle();
    expect(store.groups.map(({ partitions }) => partitions)).toEqual([[1, 2], [3], [1]]);
    for (const index of [1, 2, 3, 4]) {
      store.groups[index]?.finish([{ result: "committed" }]);
      await settle();
    }
    expect(await other).toEqual({ result: "committed" });
    expect(await waiting).toEqual({ result: "committed" });
    expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  });
});
