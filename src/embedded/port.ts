// Free and taken ports on the loopback interface.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { errorCode } from "../operator-error.ts";

const FIRST_PORT = 20_000;
const PORTS_OF_CONNECTIONS = 32_768;
const MAX_TRIES = 100;

/** True when nothing listens on the port, so that we could. Port 0 is always free. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await whyNotListen(port, "127.0.0.1")) === null;
}

/** In a few words, why nobody can listen there; null when one can. */
export async function whyNotListen(port: number, host: string): Promise<string | null> {
  const outcome = await listenOnce(port, host);
  return typeof outcome === "number" ? null : (REASONS[outcome] ?? outcome);
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another program: stop that program, or set PORT to a free port",
  EACCES: "may not be used by this user: set PORT to 1024 or more",
  EADDRNOTAVAIL: "cannot be listened on, since HOST is no address of this machine",
  ENOTFOUND: "cannot be listened on, since HOST is not known",
  EAI_AGAIN: "cannot be listened on, since HOST could not be looked up",
};

/**
 * Below what systems give to outgoing connections (Linux from 32768, others from 49152): one of those
 * could take the port between this look and the listening, or while a server is being started again.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = await listenOnce(randomInt(FIRST_PORT, PORTS_OF_CONNECTIONS), "127.0.0.1");
    if (typeof port === "number") return port;
  }
  throw new Error("No free port on 127.0.0.1");
}

/** Opens and closes the port: its number, or the code of what was wrong. */
function listenOnce(port: number, host: string): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}
