// A way between a process and its server that can be cut, slowed or made a black hole, and watched.
// It stands outside: what it does to the bytes is all that the processes ever notice.
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";

export type Side = "client" | "server";

/** `open` passes, `slow` delays every chunk, `hole` keeps connections and passes nothing, `cut` ends them. */
export type Weather = "open" | "slow" | "hole" | "cut";

/** Sees each chunk before it goes on; false keeps it from going on. */
export type Watch = (chunk: Buffer, from: Side, connection: number) => boolean;

export interface TcpProxy {
  readonly port: number;
  /** Where new connections lead; a server may come back somewhere else. */
  leadTo(port: number): void;
  turn(weather: Weather, delayMs?: number): void;
  watch(watch: Watch | null): void;
  /** How many bytes were let through, withheld or late, so that a fault can prove that it was felt. */
  readonly felt: () => number;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let [target, weather, delayMs, felt, count] = [targetPort, "open" as Weather, 0, 0, 0];
  let watcher: Watch | null = null;

  function carry(chunk: Buffer, from: Side, connection: number, to: Socket): void {
    if (watcher !== null && !watcher(chunk, from, connection)) return;
    if (weather !== "open") felt += chunk.length;
    if (weather === "hole") return;
    if (weather === "slow") setTimeout(() => to.write(chunk), delayMs);
    else to.write(chunk);
  }

  function meet(client: Socket): void {
    if (weather === "cut") {
      felt += 1;
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const connection = (count += 1);
    const server = createConnection(target, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on("data", (chunk) => carry(chunk, "client", connection, server));
    server.on("data", (chunk) => carry(chunk, "server", connection, client));
    const end = (): void => {
      pairs.delete(pair);
      // A black hole says nothing, not even that the other end has gone.
      if (weather === "hole") return void held.push(client, server);
      // What is still late arrives first.
      setTimeout(() => reset(pair), weather === "slow" ? delayMs : 0);
    };
    for (const socket of [client, server]) {
      socket.on("error", () => undefined);
      socket.on("close", end);
    }
  }

  const held: Socket[] = [];
  const server = createServer({ pauseOnConnect: false }, meet);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on a port

  function turn(next: Weather, late = 0): void {
    const bytesWereLost = weather === "hole" && next !== "hole";
    [weather, delayMs] = [next, late];
    if (next !== "cut" && !bytesWereLost) return;
    // A connection that lost bytes cannot go on; one that is cut should not.
    for (const pair of pairs) {
      felt += 1;
      reset(pair);
    }
    for (const socket of held.splice(0)) socket.destroy();
  }

  return {
    port,
    leadTo: (next) => (target = next),
    turn,
    watch: (next) => (watcher = next),
    felt: () => felt,
    async close() {
      turn("cut");
      await new Promise((done) => server.close(done));
    },
  };
}

function reset({ client, server }: Pair): void {
  if (!client.destroyed) client.resetAndDestroy();
  if (!server.destroyed) server.resetAndDestroy();
}
