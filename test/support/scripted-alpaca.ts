// A server on loopback that answers Alpaca's paths as a test says, misbehaviour included: the counterpart
// for what no well-behaved exchange would do.
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type ScriptedAnswer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers; cuts the connection; begins an answer and cuts it. */
  | "hang"
  | "reset"
  | "break off";

type Script = (request: SeenRequest) => ScriptedAnswer;

export interface ScriptedAlpaca {
  readonly url: string;
  readonly streamUrl: string;
  readonly requests: SeenRequest[];
  /** Sockets of trade updates or market data, in the order of their opening. */
  readonly sockets: { readonly path: string; readonly socket: WebSocket; readonly raw: Socket }[];
  script: Script;
  onSocket: (socket: WebSocket, path: string) => void;
  stop(): Promise<void>;
}

/** Where a client of it goes, and as whom. */
export function endpointOf({ url, streamUrl }: Pick<ScriptedAlpaca, "url" | "streamUrl">) {
  const keys = { keyId: "key", secret: "hidden", paper: true };
  return { tradingUrl: url, dataUrl: url, streamUrl, ...keys };
}

/** What a client sent; our clients only send text. */
export function frameText(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString("utf8") : "";
}

export async function startScriptedAlpaca(
  script: Script = () => ({ status: 404, body: { code: 40410000, message: "not found" } }),
): Promise<ScriptedAlpaca> {
  const server = createServer((request, response) => void receive(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an AddressInfo

  const alpaca: ScriptedAlpaca = {
    url: `http://127.0.0.1:${port}`,
    streamUrl: `ws://127.0.0.1:${port}/stream`,
    requests: [],
    sockets: [],
    script,
    onSocket: () => undefined,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    // A request that is cut off is one that nobody waits for.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer); // a request without an encoding gives Buffers
    }
    const url = new URL(request.url ?? "/", alpaca.url);
    const seen: SeenRequest = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    alpaca.requests.push(seen);
    give(alpaca.script(seen), response);
  }

  server.on("upgrade", (request, raw: Socket, head) => {
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const path = request.url ?? "";
      alpaca.sockets.push({ path, socket, raw });
      alpaca.onSocket(socket, path);
    });
  });
  return alpaca;
}

function give(answer: ScriptedAnswer, response: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer === "break off") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"id":"', () => response.socket?.destroy());
    return;
  }
  const { status, body, headers = {} } = answer;
  response.writeHead(status, { "content-type": "application/json; charset=UTF-8", ...headers });
  response.end(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
}
