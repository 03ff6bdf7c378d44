import { describe, expect, test } from "vitest";
import type { CommitResult, PartitionCommit } from "../../../src/ports/store.ts";
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

  test("a commit that fails fails for everyone in it", async () => {
    const store = heldStore();
    const committer = new Committer(store);
    const outcomes = Promise.allSettled([committer.commit(part(1)), committer.commit(part(2))]);
    await settle();
    store.groups[0]?.fail(new Error("gone"));
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
