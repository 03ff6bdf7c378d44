import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { createLogger, type LogSettings } from "../../src/log.ts";

function lines(settings: LogSettings): {
  log: ReturnType<typeof createLogger>;
  text: () => string;
} {
  let text = "";
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { log: createLogger("api", settings, sink), text: () => text };
}

const secrets = {
  password: "s1",
  headers: { authorization: "s2", "x-api-key": "s3" },
  request: { headers: { "APCA-API-SECRET-KEY": "s4" } },
  config: { databaseUrl: "s5", secret: "s6" },
};

describe("a log line", () => {
  test("is one line of JSON that says when, how bad, and which part", () => {
    const { log, text } = lines({ logLevel: "info", logFormat: "json" });
    log.info({ order: "o1" }, "sent");
    expect(text().trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(text())).toMatchObject({
      level: "info",
      part: "api",
      order: "o1",
      msg: "sent",
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
  });

  test.each(["json", "pretty"] as const)(
    "holds nothing secret as %s, at any level",
    (logFormat) => {
      const { log, text } = lines({ logLevel: "trace", logFormat });
      log.trace(secrets, "all of it");
      log.child({ apiKey: "s7" }).error(secrets, "all of it");
      expect(text()).toContain("all of it");
      expect(text()).not.toMatch(/s[1-7]\b/);
    },
  );

  test("is short text on a terminal", () => {
    const { log, text } = lines({ logLevel: "info", logFormat: "pretty" });
    log.info({ symbol: "AAPL", reason: "a few words" }, "sent");
    expect(text()).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}api {6}sent symbol=AAPL reason="a few words"\n$/,
    );
  });

  test("below the level is not written", () => {
    const { log, text } = lines({ logLevel: "warn", logFormat: "json" });
    log.info("quiet");
    expect(text()).toBe("");
  });
});
