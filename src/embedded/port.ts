// Free and taken ports on the loopback interface.
import { createServer } from "node:net";

/** True when nothing listens on the port, so that we could. Port 0 is always free. */
export async function portIsFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return (await listenOnce(port, host)) !== null;
}

export async function freePort(): Promise<number> {
  const port = await listenOnce(0, "127.0.0.1");
  if (port === null) throw new Error("No free port on 127.0.0.1");
  return port;
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
