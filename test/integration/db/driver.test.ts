// What scripts/mend-postgres.mjs mends in postgres.js: without it each of these fails.
import { createServer, Socket, type AddressInfo, type Server } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { errorCode } from "../../../src/db/client.ts";
import { watchedSocket } from "../../../src/db/socket.ts";
import { openStore, type OpenStore } from "./desk.ts";

const WITHIN = { timeout: 15_000 };

let store: OpenStore;
let sql: postgres.Sql;
let sockets: Socket[];
/** The next connection ends in silence when it asks for the types of arrays. */
let isSilentOnTypes: boolean;

/** The only connection of the client as it is now; it is made anew after each close. */
const socket = (): Socket => sockets.at(-1) ?? new Socket();

async function closeOf(closing: Socket): Promise<void> {
  await new Promise((resolve) => closing.once("close", resolve));
  await new Promise(setImmediate);
}

async function cut(): Promise<void> {
  const closing = socket();
  const closed = closeOf(closing);
  closing.destroy();
  await closed;
}

function endAtTypes(made: Socket): void {
  isSilentOnTypes = false;
  const write = made.write.bind(made) as (...args: unknown[]) => boolean; // all overloads at once
  made.write = (...args: unknown[]): boolean => {
    if (!String(args[0]).includes("typarray")) return write(...args);
    setImmediate(() => made.destroy(Object.assign(new Error("silence"), { code: "ETIMEDOUT" })));
    return true;
  };
}

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

async function refusal(work: PromiseLike<unknown>): Promise<string | null> {
  try {
    await work;
    return "answered";
  } catch (error: unknown) {
    return errorCode(error);
  }
}

beforeAll(async () => {
  store = await openStore();
  await store.postgres.queries`CREATE TABLE driver_notes (note text PRIMARY KEY)`;
});
afterAll(async () => store.close());

beforeEach(() => {
  sockets = [];
  isSilentOnTypes = false;
  const { hostname, port } = new URL(store.url);
  sql = postgres(store.url, {
    ...{ max: 1, connect_timeout: 2, backoff: () => 0.01, onnotice: () => undefined },
    // Not in its types: postgres.js takes the connection from here.
    ...{
      socket: () => {
        const made = new Socket().connect(Number(port), hostname);
        sockets.push(made);
        if (isSilentOnTypes) endAtTypes(made);
        return made;
      },
    },
  });
});
afterEach(async () => sql.end({ timeout: 0 }));

describe("a connection that closes", () => {
  it(
    "refuses what a reserved session still asks, and is not handed out closed",
    WITHIN,
    async () => {
      const session = await sql.reserve();
      await session`SELECT 1`;
      await cut();
      expect(await refusal(session`SELECT 1`)).toBe("CONNECTION_CLOSED");
      session.release();
      expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    },
  );

  it("does not lend its successor to a reserved session", WITHIN, async () => {
    const session = await sql.reserve();
    await session`SELECT 1`;
    await cut();
    await sql`SELECT 1`;
    expect(await refusal(session`SELECT 1`)).toBe("CONNECTION_CLOSED");
  });

  it("does not let a transaction that lost it roll another one back", WITHIN, async () => {
    let late = Promise.resolve<string | null>(null);
    const [stands, otherStands] = [gate(), gate()];
    const first = sql.begin(async (transaction) => {
      await transaction`INSERT INTO driver_notes VALUES ('first')`;
      late = otherStands.passed.then(() => refusal(transaction`ROLLBACK`));
      stands.open();
      await late;
    });
    const lost = refusal(first);
    await stands.passed;
    await cut();
    expect(await lost).toBe("CONNECTION_CLOSED");
    await sql.begin(async (transaction) => {
      await transaction`INSERT INTO driver_notes VALUES ('second')`;
      otherStands.open();
      await late;
    });
    expect(await late).toBe("CONNECTION_CLOSED");
    expect(await sql`SELECT note FROM driver_notes`).toEqual([{ note: "second" }]);
  });

  it("ends no process when it closes while it asks for the types of arrays", WITHIN, async () => {
    const unhandled: unknown[] = [];
    const listen = (cause: unknown) => void unhandled.push(cause);
    process.on("unhandledRejection", listen);
    isSilentOnTypes = true;
    expect(await refusal(sql`SELECT 1`)).toBe("ETIMEDOUT");
    await new Promise(setImmediate);
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
    expect(await sql`SELECT ARRAY['a', 'b'] AS list`).toEqual([{ list: ["a", "b"] }]);
  });

  it("leaves nothing unsent to its successor", WITHIN, async () => {
    await sql`SELECT 1`;
    // In one turn of the event loop: the close is heard after the question, and before it is written.
    const unsent = new Promise<string | null>((resolve) => {
      setImmediate(() => {
        socket().destroy();
        resolve(refusal(sql`SELECT 'unsent'`));
      });
    });
    expect(await unsent).toBe("CONNECTION_CLOSED");
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });

  it.each(["idle", "busy"])("answers what is asked while it breaks (%s)", WITHIN, async (state) => {
    await sql`SELECT 1`;
    const before = state === "busy" ? refusal(sql`SELECT pg_sleep(60)`) : null;
    await new Promise(setImmediate);
    // After the error, before the close.
    const between = new Promise<string | null>((resolve) => {
      socket().prependOnceListener("error", () => resolve(refusal(sql`SELECT 'between'`)));
    });
    socket().destroy(Object.assign(new Error("reset by the test"), { code: "ECONNRESET" }));
    expect(await between).not.toBe("answered");
    if (before !== null) expect(await before).not.toBe("answered");
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    expect(await sql`SELECT 2 AS two`).toEqual([{ two: 2 }]);
  });

  it("leaves no answer to its successor's first question", WITHIN, async () => {
    const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    const asleep = refusal(sql`SELECT pg_sleep(60)`);
    const closed = closeOf(socket());
    await store.postgres.queries`SELECT pg_terminate_backend(${row?.pid ?? 0})`;
    expect(await asleep).not.toBe("answered");
    // The server says that it ends before it hangs up: what is asked in between would end with this connection.
    await closed;
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });
});

/** Anonymous, so that no certificate is needed. */
const TLS = { ciphers: "aNULL@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;
const SSL_REQUEST_BYTES = 8;
/** Authentication is good, and the server is ready. */
const READY = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** A server that lets in, over TLS, and never answers again. */
async function silentServer(): Promise<{ server: Server; port: number }> {
  const context = createSecureContext(TLS);
  const server = createServer((plain) => {
    plain.on("error", () => undefined);
    plain.once("data", (asked: Buffer) => {
      if (asked.length !== SSL_REQUEST_BYTES) throw new Error("not over TLS");
      plain.write("S");
      const secure = new TLSSocket(plain, { isServer: true, secureContext: context });
      secure.on("error", () => undefined);
      secure.once("data", () => secure.write(READY));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

it("a connection over TLS that gets no answer is given up", WITHIN, async () => {
  const { server, port } = await silentServer();
  const over = postgres({
    ...{ host: "127.0.0.1", port, user: "u", password: "p", database: "d", max: 1 },
    ssl: { ...TLS, rejectUnauthorized: false },
    // Not in its types: postgres.js takes the connection from here.
    ...{ socket: () => watchedSocket({ host: "127.0.0.1", port, path: null }, 300) },
  });
  expect(await refusal(over`SELECT 1`)).toBe("ETIMEDOUT");
  await over.end({ timeout: 0 });
  server.close();
});
