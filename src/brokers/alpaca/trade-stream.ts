// The socket of trade updates: authenticate, listen, pass every fact on. It has no replay and no
// sequence numbers, so each new connection is announced: what was missed is caught up by REST.
import type { AccountId } from "../../domain/ids.ts";
import type { BrokerListener, BrokerStream, SymbolDirectory } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import { parseJson } from "./faults.ts";
import { KeptSocket } from "./kept-socket.ts";
import { connectOf } from "./options.ts";
import type { AlpacaEndpoint } from "./options.ts";
import { frameSchema, tradeUpdateSchema } from "./schema.ts";
import { reportOf } from "./trade-update.ts";

export interface TradeStreamOptions {
  readonly accountId: AccountId;
  readonly clock: Clock;
  readonly directory: SymbolDirectory;
  readonly endpoint: AlpacaEndpoint;
  readonly listener: BrokerListener;
}

const STREAM = "trade_updates";

export function listenToTradeUpdates(options: TradeStreamOptions): BrokerStream {
  const { endpoint, clock, listener } = options;
  const { keyId, secret } = endpoint;
  const socket = new KeptSocket({
    url: endpoint.streamUrl,
    clock,
    ...connectOf(endpoint),
    protocol: {
      onOpen(send) {
        const data = { key_id: keyId, secret_key: secret };
        send(JSON.stringify({ action: "authenticate", data }));
      },
      onText: (text, send) => hear(text, send),
      onDown: (cause) => listener.onDisconnected(cause),
    },
  });

  function hear(text: string, send: (text: string) => void): void {
    const frame = frameSchema.safeParse(parseJson(text));
    if (!frame.success) return listener.onUnreadable(text, "not a frame of the trading stream");
    const { stream, action, data } = frame.data;
    if (stream === STREAM) return report(text, data);
    if (stream === "authorization") return authorized(data, send);
    if (stream === "listening") return listening(data);
    if (action === "error") return socket.drop(`the stream failed: ${words(data)}`);
    listener.onUnreadable(text, `a stream that nobody asked for: ${stream ?? "none"}`);
  }

  function authorized(data: Record<string, unknown>, send: (text: string) => void): void {
    if (data["status"] === "authorized") {
      return send(JSON.stringify({ action: "listen", data: { streams: [STREAM] } }));
    }
    // It may be a passing weakness of the server, so the attempts go on, but slowly.
    socket.drop(`the stream refuses the credentials: ${words(data)}`, "slowly");
  }

  function listening({ streams }: Record<string, unknown>): void {
    if (!Array.isArray(streams) || !streams.includes(STREAM)) {
      return socket.drop(`the stream does not offer ${STREAM}`, "slowly");
    }
    if (socket.isReady()) return;
    socket.ready();
    listener.onConnected();
  }

  function report(text: string, data: Record<string, unknown>): void {
    const update = tradeUpdateSchema.safeParse(data);
    if (!update.success) {
      const [issue] = update.error.issues;
      const where = issue?.path.map(String).join(".") ?? "";
      return listener.onUnreadable(text, `a trade update without ${where}: ${issue?.message}`);
    }
    const heard = reportOf(update.data, options.accountId, options.directory);
    if (heard.kind === "unreadable") return listener.onUnreadable(text, heard.cause);
    listener.onReport(heard);
  }

  socket.open();
  return { lastHeardAt: () => socket.lastHeardAt(), close: () => socket.close() };
}

/** Never the whole frame: an echo could hold what must not be logged. */
function words(data: Record<string, unknown>): string {
  const said = data["error_message"] ?? data["status"];
  return typeof said === "string" ? said.slice(0, 200) : "no reason given";
}
