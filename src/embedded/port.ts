// Free and taken ports on the loopback interface.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const FIRST_PORT = 20_000;
const PORTS_OF_CONNECTIONS = 32_768;
const MAX_TRIES = 100;

/** True when nothing listens on the port, so that we could. Port 0 is always free. */
export async function portIsFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return (await listenOnce(port, host)) !== null;
}

/**
 * Below what systems give to outgoing connections (Linux from 32768, others from 49152): one of those
 * could take the port between this look and the listening, or while a server is being started again.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = await listenOnce(randomInt(FIRST_PORT, PORTS_OF_CONNECTIONS), "127.0.0.1");
    if (port !== null) return port;
  }
  throw new Error("No free port on 127.0.0.1");
}

/** Opens and closes the port; null when it is taken or forbidden. */
function listenOnce(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === "object" && address !== null ? address.port : null;
      server.close(() => resolve(chosen));
    });
  });
}
