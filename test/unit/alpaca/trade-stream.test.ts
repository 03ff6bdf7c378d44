// The stream of trade updates against a real socket on loopback; time is the test's own.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { listenToTradeUpdates } from "../../../src/brokers/alpaca/trade-stream.ts";
import type { BrokerReport } from "../../../src/domain/broker.ts";
import { asId } from "../../../src/domain/ids.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import type { BrokerStream } from "../../../src/ports/broker.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { eventually } from "../../support/real-clock.ts";
import { endpointOf, frameText, startScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import type { ScriptedAlpaca } from "../../support/scripted-alpaca.ts";
import { directory, fixture } from "./fixtures.ts";

const FILL = fixture("recorded")["update_fill"];
const AUTHORIZED = fixture("recorded")["stream_authorized"];
const LISTENING = fixture("recorded")["stream_listening"];

let alpaca: ScriptedAlpaca;
let clock: ManualClock;
let stream: BrokerStream;
let reports: BrokerReport[];
let unreadable: string[];
/** What happened to the connection, in order. */
let life: string[];
let asked: unknown[];

beforeEach(async () => {
  alpaca = await startScriptedAlpaca();
  clock = new ManualClock();
  reports = [];
  unreadable = [];
  life = [];
  asked = [];
});
afterEach(async () => {
  await stream.close();
  await alpaca.stop();
});

function listen(): void {
  stream = listenToTradeUpdates({
    accountId: asId<AccountId>("paper"),
    clock,
    directory,
    endpoint: endpointOf(alpaca),
    listener: {
      onReport: (report) => reports.push(report),
      onConnected: () => life.push("connected"),
      onDisconnected: (cause) => life.push(cause),
      onUnreadable: (_, cause) => unreadable.push(cause),
    },
  });
}

/** The server's side of the handshake, and whatever it says once the client listens. */
function welcome(socket: WebSocket, then: (socket: WebSocket) => void = () => undefined): void {
  socket.on("message", (data) => {
    const message = JSON.parse(frameText(data)) as { action: string }; // the client's own frames
    asked.push(message);
    if (message.action === "authenticate") socket.send(JSON.stringify(AUTHORIZED));
    if (message.action !== "listen") return;
    socket.send(JSON.stringify(LISTENING));
    then(socket);
  });
}
const connections = () => life.filter((entry) => entry === "connected").length;
const connected = (times = 1) =>
  eventually(() => connections() === times, `connected ${times} times`);

describe("the stream of trade updates", () => {
  it("authenticates, listens, and only then is connected", async () => {
    alpaca.onSocket = (socket) => welcome(socket);
    listen();
    expect(stream.lastHeardAt()).toBeNull();
    await connected();
    expect(asked).toEqual([
      { action: "authenticate", data: { key_id: "key", secret_key: "hidden" } },
      { action: "listen", data: { streams: ["trade_updates"] } },
    ]);
    expect(stream.lastHeardAt()).toBe(clock.now());
  });

  it("reads text frames as live accounts get them, and binary ones as paper accounts do", async () => {
    alpaca.onSocket = (socket) =>
      welcome(socket, () => {
        socket.send(JSON.stringify(FILL));
        socket.send(Buffer.from(JSON.stringify(FILL)));
      });
    listen();
    await eventually(() => reports.length === 2, "both frames");
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]).toMatchObject({ kind: "executed" });
  });

  it("passes repeated updates on: whether they count is not judged here", async () => {
    alpaca.onSocket = (socket) =>
      welcome(socket, () => {
        for (let time = 0; time < 3; time += 1) socket.send(JSON.stringify(FILL));
      });
    listen();
    await eventually(() => reports.length === 3, "three reports");
    expect(new Set(reports.map((report) => report.brokerOrderId)).size).toBe(1);
  });

  it.each([
    ["no JSON", "not a frame of the trading stream"],
    [JSON.stringify({ stream: "trade_updates", data: { event: "fill" } }), "without order"],
    [JSON.stringify({ stream: "account_updates", data: {} }), "nobody asked for"],
    [
      JSON.stringify({ stream: "trade_updates", data: { ...dataOfFill(), event: "melted" } }),
      "not known: melted",
    ],
    [
      JSON.stringify({ stream: "trade_updates", data: { ...dataOfFill(), event: "mel\0ted" } }),
      "not known: mel\uFFFDted",
    ],
  ])("parks what it cannot read and goes on: %s", async (frame, cause) => {
    alpaca.onSocket = (socket) =>
      welcome(socket, () => {
        socket.send(frame);
        socket.send(JSON.stringify(FILL));
      });
    listen();
    await eventually(() => reports.length === 1, "the next update");
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toContain(cause);
    expect(life).toEqual(["connected"]);
  });

  it("notices a peer that fell silent within 15 seconds", async () => {
    alpaca.onSocket = (socket) => welcome(socket);
    listen();
    await connected();
    alpaca.sockets[0]?.raw.pause();
    await clock.advance(15_000);
    expect(life).toEqual(["connected", "silent for 2 pings"]);
    expect(stream.lastHeardAt()).toBeNull();
  });

  it("leaves a quiet but living peer alone", async () => {
    alpaca.onSocket = (socket) => welcome(socket);
    listen();
    await connected();
    for (let ping = 0; ping < 10; ping += 1) {
      await clock.advance(4_500);
      await eventually(() => stream.lastHeardAt() === clock.now(), "the pong");
    }
    expect(life).toEqual(["connected"]);
  });

  it("opens again for ever, later and later, and says so each time", async () => {
    alpaca.onSocket = (socket) => socket.close(1011, "not today");
    listen();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await eventually(() => life.length === attempt, `attempt ${attempt}`);
      expect(life.at(-1)).toContain("1011 not today");
      let waited = 0;
      while (alpaca.sockets.length === attempt) {
        await clock.advance(250);
        waited += 250;
        if (waited > 40_000) throw new Error("it gave up");
        if (waited >= Math.min(250 * 2 ** attempt, 30_000)) {
          await eventually(() => alpaca.sockets.length > attempt, "the next attempt");
        }
      }
      waits.push(waited);
    }
    expect(waits.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(waits.at(-1)).toBe(30_000);
  });

  it("is connected again after a cut, and says so again", async () => {
    alpaca.onSocket = (socket) => welcome(socket);
    listen();
    await connected();
    alpaca.sockets[0]?.socket.terminate();
    await eventually(() => life.length === 2, "the cut");
    await clock.advance(500);
    await connected(2);
    expect(life).toEqual(["connected", expect.stringContaining("closed"), "connected"]);
  });

  it("does not wait for ever for a server that never answers", async () => {
    alpaca.onSocket = () => undefined;
    listen();
    await eventually(() => alpaca.sockets.length === 1, "the connection");
    await clock.advance(10_000);
    expect(life).toEqual(["not ready within 10000 ms"]);
    await clock.advance(500);
    await eventually(() => alpaca.sockets.length === 2, "the next attempt");
  });

  it("goes on slowly when the credentials are refused, and never tells them", async () => {
    alpaca.onSocket = (socket) =>
      socket.on("message", (data) => {
        const { data: echoed } = JSON.parse(frameText(data)) as { data: object }; // the client's own frame
        const body = { stream: "authorization", data: { ...echoed, status: "unauthorized" } };
        socket.send(JSON.stringify(body));
      });
    listen();
    await eventually(() => life.length === 1, "the refusal");
    expect(life[0]).toBe("the stream refuses the credentials: unauthorized");
    await clock.advance(29_000);
    expect(alpaca.sockets).toHaveLength(1);
    await clock.advance(1_000);
    await eventually(() => alpaca.sockets.length === 2, "the next attempt");
  });

  it("begins anew when the server reports an error of its own", async () => {
    const failed = { action: "error", data: { error_message: "internal server error" } };
    alpaca.onSocket = (socket) => welcome(socket, () => socket.send(JSON.stringify(failed)));
    listen();
    await eventually(() => life.length === 2, "the error");
    expect(life[1]).toBe("the stream failed: internal server error");
  });

  it("closed stays closed, with nothing left behind", async () => {
    alpaca.onSocket = (socket) => welcome(socket);
    listen();
    await connected();
    await stream.close();
    await clock.advance(120_000);
    expect(alpaca.sockets).toHaveLength(1);
    expect(life).toEqual(["connected"]);
  });
});

function dataOfFill(): Record<string, unknown> {
  const { update_fill: fill } =
    fixture<Record<string, { data: Record<string, unknown> }>>("recorded");
  return fill?.data ?? {};
}
