// Serves the API over HTTP, with bounds on everything that a client can draw out.
import { createServer } from "node:http";
import { serve, type ServerType } from "@hono/node-server";
import type { Hono } from "hono";

export interface Served {
  readonly port: number;
  /** Finishes what is under way, then hangs up. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than balancers keep an idle connection, so that it is they who close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const DRAIN_MS = 5_000;

export function serveApi(
  app: Hono,
  address: { readonly host: string; readonly port: number },
): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: app.fetch,
        hostname: address.host,
        port: address.port,
        createServer,
        serverOptions: {
          maxHeaderSize: MAX_HEADER_BYTES,
          headersTimeout: HEADERS_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        },
      },
      ({ port }) => {
        server.off("error", reject);
        resolve({ port, close: () => closeServer(server) });
      },
    );
    server.once("error", reject);
  });
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    // Streams never end by themselves; the API ends them when it closes, this is for what is left.
    const late = setTimeout(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    }, DRAIN_MS);
    late.unref();
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}
