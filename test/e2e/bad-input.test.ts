import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePort } from "../../src/embedded/port.ts";
import { build, fillstream, temporaryDirectory } from "../support/fillstream.ts";

const directory = temporaryDirectory();
const servers: Server[] = [];
beforeAll(build);
afterAll(() => {
  for (const server of servers) server.close();
  directory.remove();
});

async function listening(answer: (data: string) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => socket.write(answer(data.toString())));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  // A server on a TCP port has an address of this form.
  return (server.address() as AddressInfo).port;
}

/** A Redis as it was in 2018, as far as a first contact goes. */
function oldRedis(data: string): string {
  const info = "# Server\r\nredis_version:5.0.3\r\n";
  const answers = data
    .split(/\*\d+\r\n/)
    .filter((command) => command !== "")
    .map((command) => {
      if (/hello/i.test(command)) return "-ERR unknown command `HELLO`\r\n";
      return /info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n";
    });
  return answers.join("");
}

async function refused(variables: Record<string, string>, args = ["start"]): Promise<string> {
  const data = { FILLSTREAM_DATA: directory.path, PORT: String(await freePort()) };
  const { code, stdout, stderr } = await fillstream(args, { ...data, ...variables });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  return stderr.trim();
}

describe("bad input gives one sentence and exit code 1:", () => {
  test("a malformed variable", async () => {
    expect(await refused({ PORT: "80a0" })).toBe(
      'PORT is "80a0": it must be a whole number from 0 to 65535.',
    );
  });

  test("an unknown variable", async () => {
    expect(await refused({ ALPACA_API_KYE: "x" })).toContain("did you mean ALPACA_API_KEY?");
  });

  test("real money with one word only", async () => {
    const live = { ALPACA_API_KEY: "AK", ALPACA_API_SECRET: "s", ALPACA_PAPER: "false" };
    expect(await refused(live)).toContain("set TRADING_MODE=live as well");
  });

  test("a DATABASE_URL where nothing listens", async () => {
    // A port that is free now may be somebody's by the time it is asked; this one is nobody's.
    const url = "postgres://me:hunter2@127.0.0.1:1/db";
    const said = await refused({ DATABASE_URL: url });
    expect(said).toMatch(/^The PostgreSQL at DATABASE_URL \(.*\) cannot be used: nothing listens/);
    expect(said).not.toContain("hunter2");
  });

  test("a DATABASE_URL with a wrong password", async () => {
    const url = new URL(inject("servers").postgresUrl);
    url.password = "hunter2";
    expect(await refused({ DATABASE_URL: url.href })).toContain("it refuses the password");
  });

  test("a Redis that is too old", async () => {
    const url = `redis://127.0.0.1:${await listening(oldRedis)}`;
    expect(await refused({ REDIS_URL: url })).toBe(
      "The Redis at REDIS_URL is version 5.0.3; Fillstream needs 7 or newer.",
    );
  });

  test("a Redis that is too old, for a worker alone", async () => {
    const url = `redis://127.0.0.1:${await listening(oldRedis)}`;
    const database = inject("servers").postgresUrl;
    expect(await refused({ REDIS_URL: url, DATABASE_URL: database }, ["worker"])).toBe(
      "The Redis at REDIS_URL is version 5.0.3; Fillstream needs 7 or newer.",
    );
  });

  test("a password with a bare percent sign", async () => {
    for (const name of ["DATABASE_URL", "REDIS_URL"]) {
      const scheme = name === "REDIS_URL" ? "redis" : "postgres";
      const said = await refused({ [name]: `${scheme}://u:hun%ter2@127.0.0.1:1/0` });
      expect(said).toContain("must be written as %25");
      expect(said).not.toContain("ter2");
    }
  });

  test("a password among the parameters", async () => {
    const said = await refused({ REDIS_URL: "redis://127.0.0.1:1/0?password=hunter2" });
    expect(said).toContain("nothing listens there");
    expect(said).not.toContain("hunter2");
  });

  test("a host that is not this machine's", async () => {
    expect(await refused({ HOST: "192.0.2.1" })).toContain("HOST is no address of this machine");
  });

  test("a Redis where nothing listens", async () => {
    const url = "redis://127.0.0.1:1";
    expect(await refused({ REDIS_URL: url })).toContain("nothing listens there");
  });

  test("a port that is taken", async () => {
    const port = await listening(() => "");
    expect(await refused({ PORT: String(port) })).toBe(
      `Port ${port} on 127.0.0.1 is taken by another program: stop that program, or set PORT to a free port.`,
    );
  });

  test("a data directory that is a file", async () => {
    const file = `${directory.path}.file`;
    writeFileSync(file, "");
    expect(await refused({ FILLSTREAM_DATA: file })).toMatch(
      /^The data directory .* cannot be used: there is a file of that name\./,
    );
  });

  test("a data directory that cannot be written", async () => {
    expect(await refused({ FILLSTREAM_DATA: "/proc/fillstream" })).toMatch(
      /^The data directory \/proc\/fillstream cannot be used: /,
    );
  });

  test("a backup that is none", async () => {
    const file = `${directory.path}.backup`;
    writeFileSync(file, "hello");
    expect(await refused({}, ["restore", file])).toContain("is no whole backup of Fillstream");
  });
});

describe("a command that nobody knows", () => {
  test("is answered with where to look", async () => {
    const { code, stderr } = await fillstream(["dance"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "fillstream has no command dance; `fillstream help` lists them all.\n",
    });
  });

  test("which version this is, on the other hand, everybody may ask", async () => {
    const { code, stdout } = await fillstream(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fillstream \d+\.\d+\.\d+\n$/);
  });
});
