// What the doctor says of a clock: ages are judged by it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lookAtPort } from "../../../src/cli/doctor/look-at-machine.ts";
import { lookAtDeployment, judgeClock } from "../../../src/cli/doctor/look-at-world.ts";
import { loadConfig } from "../../../src/config.ts";
import { run as doctor } from "../../../src/cli/commands/doctor.ts";
import { run as migrate } from "../../../src/cli/commands/migrate.ts";

const directory = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("a clock", () => {
  const asked = 1_000_000;
  it("near the database's is well, also when the answer took long", () => {
    expect(judgeClock(asked, { asked, answered: asked + 4 }).state).toBe("well");
    expect(judgeClock(asked, { asked, answered: asked + 6_000 }).state).toBe("well");
  });

  it("far from it is ill, with what to do", () => {
    const { state, text } = judgeClock(asked - 60_000, { asked, answered: asked });
    expect([state, text]).toEqual([
      "ill",
      "60000 ms ahead of the database's: is NTP running on both machines?",
    ]);
    expect(judgeClock(asked + 60_000, { asked, answered: asked }).text).toContain("behind");
  });
});

describe("a port", () => {
  it.each([
    [{ status: "ok", execution_engine_status: "running" }, "well"],
    [{ code: "store_unavailable", detail: "The database is away." }, "well"],
    [{ status: "ok" }, "ill"],
  ])("on which %j is answered is %s", async (body, state) => {
    const server = createServer((_request, response) => response.end(JSON.stringify(body)));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const environment = { HOST: "127.0.0.1", PORT: String(port), FILLSTREAM_DATA: directory };
    expect(await lookAtPort(loadConfig({ environment }))).toMatchObject({ topic: "Port", state });
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
});

describe("a deployment", () => {
  it("is asked with the key that the first start left, on this machine alone", async () => {
    writeFileSync(join(directory, "admin-key"), "fs_first\n");
    const sent: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      sent.push(headers.authorization);
      response.end(JSON.stringify({ status: "ok", problems: [] }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const environment = { HOST: "127.0.0.1", PORT: String(port), FILLSTREAM_DATA: directory };
    expect(await lookAtDeployment(loadConfig({ environment }))).toMatchObject([{ state: "well" }]);
    expect(sent).toEqual(["Bearer fs_first"]);
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it("tells its problems through the doctor", async () => {
    const server = createServer((_request, response) => {
      response.end(
        JSON.stringify({ status: "degraded", problems: ["Nobody works on 3 partitions."] }),
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const config = loadConfig({ environment: { PORT: String(port) } });
    expect(await lookAtDeployment(config)).toEqual([
      { topic: "API", state: "ill", text: "Nobody works on 3 partitions." },
    ]);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    expect(await lookAtDeployment(config)).toMatchObject([{ state: "note" }]);
  });
});

it.each([
  ["doctor", doctor],
  ["migrate", migrate],
])("%s refuses an option that it does not know", async (_name, run) => {
  await expect(run(["--bogus"])).rejects.toThrow("Unknown option");
});
