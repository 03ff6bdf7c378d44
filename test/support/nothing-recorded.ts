// The record of an account without a past.
import type { Recorded } from "../../src/worker/broker-view.ts";

export const NOTHING_RECORDED: Recorded = {
  settled: () => Promise.resolve([]),
  counted: () => Promise.resolve(new Set()),
};
