// The database goes away, comes back, or falls silent: what was asked is told apart.
import { createServer, connect as connectTo, type Socket, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { committing, connect, reading, writing } from "../../../src/db/client.ts";
import { watchedSocket } from "../../../src/db/socket.ts";
import { CommitUnknown, StoreUnavailable } from "../../../src/ports/store.ts";
import { openStore, type OpenStore } from "./desk.ts";

let store: OpenStore;
let relay: Relay;

/** Passes bytes on to PostgreSQL, until it is told to swallow or to cut. */
class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isSwallowing = false;
  port = 0;

  constructor(target: URL) {
    this.#server = createServer((client) => {
      const server = connectTo(Number(target.port), target.hostname);
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.on("error", () => undefined);
        one.on("close", () => other.destroy());
        one.on("data", (bytes) => {
          if (!this.isSwallowing) other.write(bytes);
        });
      }
    });
  }

  listen(port = 0): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(port, "127.0.0.1", () => {
        const address = this.#server.address();
        if (typeof address === "object" && address !== null) this.port = address.port;
        resolve();
      });
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

beforeAll(async () => {
  store = await openStore();
  relay = new Relay(new URL(store.url));
  await relay.listen();
});
afterAll(async () => {
  await relay.close();
  await store.close();
});

async function cutWhenRunning(mark: string): Promise<void> {
  for (;;) {
    const rows = await store.postgres.queries`
      SELECT pid FROM pg_stat_activity
      WHERE application_name = 'through the relay' AND state = 'active' AND strpos(query, ${mark}) > 0`;
    if (rows.length > 0) break;
  }
  relay.cut();
}

function throughRelay() {
  const url = new URL(store.url);
  url.port = String(relay.port);
  return connect({ url: url.href, maxConnections: 1, name: "through the relay" });
}

describe("a database that goes away", () => {
  it("leaves a write unknown and a read to be tried again", async () => {
    const sql = throughRelay();
    await sql`SELECT 1`;
    const write = writing(() => sql`SELECT pg_sleep(60), 'the write'`);
    await cutWhenRunning("the write");
    await expect(write).rejects.toThrow(CommitUnknown);
    const read = reading(() => sql`SELECT pg_sleep(60), 'the read'`);
    await cutWhenRunning("the read");
    await expect(read).rejects.toThrow(StoreUnavailable);
    await sql.end({ timeout: 0 });
  });

  it("is found again soon after it is back", async () => {
    const sql = throughRelay();
    await sql`SELECT 1`;
    const { port } = relay;
    await relay.close();
    // The first may still meet the old connection; after it nothing can be sent.
    await expect(writing(() => sql`SELECT 1`)).rejects.toThrow();
    await expect(writing(() => sql`SELECT 1`)).rejects.toThrow(StoreUnavailable);
    relay = new Relay(new URL(store.url));
    await relay.listen(port);
    for (;;) {
      const found = await reading(() => sql`SELECT 1 AS one`).catch(() => null);
      if (found !== null) break;
    }
    await sql.end({ timeout: 0 });
  });

  it("does nothing when nobody listens there", async () => {
    const sql = connect({ url: "postgres://127.0.0.1:1/none", maxConnections: 1, name: "nobody" });
    await expect(writing(() => sql`SELECT 1`)).rejects.toThrow(StoreUnavailable);
    await sql.end({ timeout: 0 });
  });
});

describe("a server that takes no writes now", () => {
  it("is waited for, whatever it says of it, and no input is to blame", async () => {
    const sql = connect({ url: store.url, maxConnections: 1, name: "read only" });
    await sql`SET default_transaction_read_only = on`;
    await expect(writing(() => sql`CREATE TABLE never (id int)`)).rejects.toThrow(StoreUnavailable);
    await sql.end({ timeout: 0 });
  });

  it("is waited for by the engine also without its functions and rights", async () => {
    const sql = connect({ url: store.url, maxConnections: 1, name: "no rights" });
    const later = committing(() => sql`SELECT fillstream_commit_of_another_release()`);
    await expect(later).rejects.toThrow(StoreUnavailable);
    await sql`CREATE ROLE restored_without_rights`;
    await sql`SET ROLE restored_without_rights`;
    await expect(committing(() => sql`SELECT * FROM signals`)).rejects.toThrow(StoreUnavailable);
    await sql`RESET ROLE`;
    await sql`DROP ROLE restored_without_rights`;
    await sql.end({ timeout: 0 });
  });
});

describe("a connection that falls silent", () => {
  it("is given up when an answer is due, and not before", async () => {
    const socket = watchedSocket({ host: "127.0.0.1", port: relay.port, path: null }, 300);
    const failed = new Promise<Error>((resolve) => socket.once("error", resolve));
    await new Promise((resolve) => socket.once("connect", resolve));
    relay.isSwallowing = true;
    socket.write("anything");
    const error = await failed;
    expect(error).toMatchObject({ code: "ETIMEDOUT" });
    relay.isSwallowing = false;
  });
});
