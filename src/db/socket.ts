// A connection that notices silence. A cut cable or a black hole gives no error for a quarter of an
// hour; but every request to PostgreSQL is answered within its statement timeout, so a request that
// stays without any answer for longer has lost its way, and its connection is given up.
import { Socket } from "node:net";

const LOOK_EVERY_MS = 500;

export interface Address {
  readonly host: string;
  readonly port: number;
  /** A Unix socket instead. */
  readonly path: string | null;
}

/** Connects without waiting for it: what is written meanwhile goes out when it stands. */
export function watchedSocket(address: Address, silenceMs: number): Socket {
  const socket = new Socket();
  socket.setNoDelay(true);
  // The TLS layer of postgres.js takes the server's name from here, and shows its own socket: what is
  // asked goes through that one from then on.
  const secured = (inner: Socket): void => watch(inner, silenceMs);
  Object.assign(socket, { host: address.host, port: address.port, secured });
  if (address.path === null) socket.connect(address.port, address.host);
  else socket.connect(address.path);
  // After it: `connect` puts the socket's own `write` back.
  watch(socket, silenceMs);
  return socket;
}

function watch(socket: Socket, silenceMs: number): void {
  let askedAt: number | null = null;
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean; // all overloads at once
  socket.write = (...args: unknown[]): boolean => {
    askedAt ??= performance.now();
    return write(...args);
  };
  socket.on("data", () => {
    askedAt = null;
  });
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    if (askedAt === null || performance.now() - askedAt < silenceMs) return;
    const silence = Object.assign(new Error(`no answer within ${silenceMs} ms`), {
      code: "ETIMEDOUT",
    });
    socket.destroy(silence);
  }, LOOK_EVERY_MS);
  timer.unref();
}
