import { expect, test } from "vitest";
import { stateAsked, stateOfScope } from "../../../src/dashboard/state/strictness.ts";

const row = (account: string | null, state: "active" | "reducing" | "halted") => ({
  account,
  strategy: null,
  state,
  reason: null,
  updated_by: "test",
  updated_at: "2026-01-05T15:00:00.000Z",
});

test("the state of a scope is that of its own row, and active without one", () => {
  const states = { data: [row(null, "reducing"), row("main", "halted")] };
  expect(stateOfScope(states, "")).toBe("reducing");
  expect(stateOfScope(states, "main")).toBe("halted");
  expect(stateOfScope(states, "other")).toBe("active");
  expect(stateOfScope(null, "main")).toBe("active");
  const ofStrategy = { ...row("main", "halted"), strategy: "breakout" };
  expect(stateOfScope({ data: [ofStrategy] }, "main")).toBe("active");
});

test("no button but resume ever loosens", () => {
  expect(stateAsked("stop", "active")).toBe("reducing");
  expect(stateAsked("stop", "halted")).toBe("halted");
  expect(stateAsked("reduce", "halted")).toBe("halted");
  expect(stateAsked("freeze", "reducing")).toBe("halted");
});
