import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { envFile } from "../../../src/cli/start/addresses.ts";

test("the file of addresses reads back as it was, whatever is in a path", () => {
  const variables = { PLAIN: "redis://:pw@127.0.0.1:6379", SPACES: "/my code/it", EMPTY: "" };
  expect({ ...parseEnv(envFile(variables)) }).toEqual(variables);
});
