// Golden lifecycles: what an order is after a story, one line each.
import { describe, expect, it } from "vitest";
import { CANCELS } from "./cases/cancels.ts";
import { EXECUTIONS } from "./cases/executions.ts";
import { FIX_APPENDIX_D } from "./cases/fix-appendix-d.ts";
import { ORDINARY } from "./cases/ordinary.ts";
import { REPLACES } from "./cases/replaces.ts";
import { UNRESOLVED } from "./cases/unresolved.ts";
import { play } from "./script.ts";

const BOOKS = {
  "the ordinary way": ORDINARY,
  cancels: CANCELS,
  executions: EXECUTIONS,
  replaces: REPLACES,
  unresolved: UNRESOLVED,
  "FIX 4.4 appendix D": FIX_APPENDIX_D,
};

describe.each(Object.entries(BOOKS))("%s", (_name, lifecycles) => {
  it.each(lifecycles)("$rule", (lifecycle) => {
    expect(play(lifecycle).summary).toBe(lifecycle.ends);
  });
});
