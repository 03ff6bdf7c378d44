// Connections that are kept and reused. An idle one is let go a second before the server would do it,
// because a request written into a closing connection ends as `unresolved`.
import { Agent as HttpAgent } from "node:http";
import type { ClientRequestArgs } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { RequestOptions } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A broker's burst needs many at once; more would only wait in the broker's own queue. */
const MAX_CONNECTIONS = 64;
const IDLE_MS = 30_000;
const SERVER_MARGIN_MS = 1_000;

const SETTINGS = {
  keepAlive: true,
  noDelay: true,
  maxSockets: MAX_CONNECTIONS,
  timeout: IDLE_MS,
  /** The connection used last is the least likely to be closing. */
  scheduling: "lifo",
} as const;

/** Makes a connection that is ready for bytes. */
export type Connect = () => Duplex;

type Created = (error: Error | null, connection: Duplex) => void;

/** Connections that stand: for TLS, whose handshake is done. Nothing on a TLSSocket tells this reliably. */
const standing = new WeakSet<Duplex>();

/** Calls back as soon as bytes that are written would really leave: at once on a kept connection. */
export function whenStanding(connection: Duplex, ready: () => void): void {
  if (standing.has(connection)) ready();
  else connection.once("fillstream:standing", ready);
}

function watch(connection: Duplex | null | undefined, event: "connect" | "secureConnect"): void {
  connection?.once(event, () => {
    standing.add(connection);
    connection.emit("fillstream:standing");
  });
}

class PlainAgent extends HttpAgent {
  override createConnection(options: ClientRequestArgs, created?: Created) {
    const connection = super.createConnection(options, created);
    watch(connection, "connect");
    return connection;
  }

  override keepSocketAlive(connection: Duplex): boolean {
    return keepBriefly(connection, super.keepSocketAlive(connection));
  }
}

class SecureAgent extends HttpsAgent {
  override createConnection(options: RequestOptions, created?: Created) {
    const connection = super.createConnection(options, created);
    watch(connection, "secureConnect");
    return connection;
  }

  override keepSocketAlive(connection: Duplex): boolean {
    return keepBriefly(connection, super.keepSocketAlive(connection));
  }
}

/** `kept` is Node's own verdict, true or false, though its published types say nothing is answered. */
function keepBriefly(connection: Duplex, kept: unknown): boolean {
  if (kept === false) return false;
  if (!(connection instanceof Socket)) return true;
  // Node has just set the shorter of IDLE_MS and what the server's Keep-Alive header promised.
  const promised = connection.timeout ?? IDLE_MS;
  connection.setTimeout(Math.max(1, promised - SERVER_MARGIN_MS));
  return true;
}

/** Connections that somebody else makes: they stand when they are handed in. */
class HandedAgent extends HttpAgent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super(SETTINGS);
    this.#connect = connect;
  }

  override createConnection(): Duplex {
    const connection = this.#connect();
    standing.add(connection);
    return connection;
  }
}

export function keptConnections(secure: boolean, connect?: Connect): HttpAgent {
  if (connect !== undefined) return new HandedAgent(connect);
  return secure ? new SecureAgent(SETTINGS) : new PlainAgent(SETTINGS);
}
