// The connection that has just worked goes on; another is used only while it works.
import { expect, it } from "vitest";
import type { Sql } from "../../../src/db/client.ts";
import { WarmConnections } from "../../../src/db/warm-connections.ts";

const [first, second] = ["first", "second"] as unknown as readonly [Sql, Sql];
const ask = async (sql: Sql): Promise<Sql> => sql;

it("work that comes one by one stays on one connection", async () => {
  const connections = new WarmConnections([first, second]);
  for (let time = 0; time < 5; time += 1) expect(await connections.run(ask)).toBe(first);
});

it("work that overlaps is spread, and a failure frees its connection", async () => {
  const connections = new WarmConnections([first, second]);
  const running = [1, 2, 3].map(() => connections.run(ask));
  expect(await Promise.all(running)).toEqual([first, second, first]);
  const failing = connections.run(async () => {
    throw new Error("refused");
  });
  await expect(failing).rejects.toThrow("refused");
  expect(await connections.run(ask)).toBe(first);
});
