import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { variables } from "../../../src/config/variables.ts";

const condition = z.enum(["service_started", "service_healthy", "service_completed_successfully"]);
/** As much of the Compose Specification as our files use; anything else in them is a slip. */
const service = z.strictObject({
  build: z.literal(".").optional(),
  image: z.string().optional(),
  init: z.boolean().optional(),
  restart: z.enum(["no", "unless-stopped"]).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[a-z/]+$/)).optional(),
  ports: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal("CMD")], z.string()),
      interval: z.string().regex(/^\d+s$/),
      timeout: z.string().regex(/^\d+s$/),
      retries: z.int().positive(),
    })
    .optional(),
});
const file = z.object({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

function read(name: string): z.infer<typeof file> {
  const text = readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
  const top: unknown = parse(text, { merge: true });
  return file.parse(top);
}

const base = read("docker-compose.yml");
const paper = read("docker-compose.paper.yml");
const parts = ["migrate", "exchange", "worker", "api"];

const root = fileURLToPath(new URL("../../..", import.meta.url));
const CLIENTS = [["docker", "compose"], ["docker-compose"]] as const;
const client = CLIENTS.find(([program, ...args]) => {
  return spawnSync(program, [...args, "version"]).status === 0;
});

describe.skipIf(client === undefined)("a compose client, which this machine has,", () => {
  const [program, ...args] = client ?? [""];
  const config = (names: readonly string[], variables: Record<string, string>) => {
    const files = names.flatMap((name) => ["-f", name]);
    const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...variables };
    const result = spawnSync(program, [...args, ...files, "config"], {
      ...{ cwd: root, env, encoding: "utf8" },
    });
    return { status: result.status, said: `${result.stdout}${result.stderr}` };
  };
  const both = ["docker-compose.yml", "docker-compose.paper.yml"];

  test("reads the files, for mock mode and for a paper account", () => {
    expect(config(["docker-compose.yml"], { ALPACA_API_KEY: "mock" })).toMatchObject({ status: 0 });
    const keys = { ALPACA_API_KEY: "key", ALPACA_API_SECRET: "secret" };
    expect(config(both, keys)).toMatchObject({ status: 0 });
  });

  test("asks for the keys of a paper account", () => {
    const { status, said } = config(both, {});
    expect(status).not.toBe(0);
    expect(said).toContain("ALPACA_API_KEY");
  });
});

describe("the compose files", () => {
  test("name only services and volumes that exist", () => {
    for (const { depends_on: needed = {}, volumes = [] } of Object.values(base.services)) {
      for (const name of Object.keys(needed)) expect(base.services).toHaveProperty(name);
      for (const volume of volumes) expect(base.volumes).toHaveProperty(volume.split(":")[0] ?? "");
    }
    expect(Object.keys(base.services)).toEqual(expect.arrayContaining(Object.keys(paper.services)));
  });

  test("wait only for health of services that say how they are", () => {
    for (const { depends_on: needed = {} } of Object.values(base.services)) {
      for (const [name, { condition: wanted }] of Object.entries(needed)) {
        if (wanted === "service_healthy") expect(base.services[name]?.healthcheck).toBeDefined();
      }
    }
  });

  test("give the parts only variables that Fillstream knows", () => {
    for (const { services } of [base, paper]) {
      for (const name of parts) {
        for (const key of Object.keys(services[name]?.environment ?? {})) {
          expect(variables).toHaveProperty(key);
        }
      }
    }
  });

  test("migrate before anything works on the tables", () => {
    for (const name of ["worker", "api"]) {
      expect(base.services[name]?.depends_on?.["migrate"]?.condition).toBe(
        "service_completed_successfully",
      );
    }
  });

  test("keep what they are given: Redis and PostgreSQL write through, on volumes", () => {
    expect(base.services["redis"]?.command?.join(" ")).toContain(
      "--appendonly yes --appendfsync always --maxmemory-policy noeviction",
    );
    expect(base.services["redis"]?.image).toMatch(/^redis:8/);
    expect(base.services["postgres"]?.command).toContain("synchronous_commit=on");
    expect(base.services["postgres"]?.image).toMatch(/^postgres:17/);
    expect(base.services["redis"]?.volumes).toEqual(["redis:/data"]);
    expect(base.services["postgres"]?.volumes).toEqual(["postgres:/var/lib/postgresql/data"]);
  });
});

describe("in a container", () => {
  test("mock mode needs no key, says so, and is published on loopback only", () => {
    expect(base.services["api"]?.environment).toMatchObject({ AUTH: "off", TRADING_MODE: "mock" });
    const published = Object.values(base.services).flatMap(({ ports = [] }) => ports);
    expect(published).toEqual(["127.0.0.1:8000:8000"]);
  });

  test("a paper account needs its key, and callers need theirs", () => {
    const { environment = {} } = paper.services["api"] ?? {};
    expect(environment).toMatchObject({ AUTH: "keys", TRADING_MODE: "${TRADING_MODE:-paper}" });
    expect(environment["ALPACA_API_KEY"]).toContain(":?");
    expect(environment["ALPACA_API_SECRET"]).toContain(":?");
  });

  test("nothing runs as root", () => {
    const dockerfile = readFileSync(new URL("../../../Dockerfile", import.meta.url), "utf8");
    const final = dockerfile.slice(dockerfile.lastIndexOf("FROM "));
    expect(final).toMatch(/^USER node$/m);
  });
});
