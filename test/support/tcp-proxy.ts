// A way between a process and its server that can be cut, slowed or made a black hole, and watched.
// It stands outside: what it does to the bytes is all that the processes ever notice.
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";

export type Side = "client" | "server";

/**
 * `open` passes, `slow` delays every chunk, `cut` ends connections. `hole` keeps them and passes nothing;
 * those that were there stay dead afterwards and nobody is told, as when a firewall has forgotten them.
 */
export type Weather = "open" | "slow" | "hole" | "cut";

/** Sees each chunk before it goes on; false keeps it from going on. */
export type Watch = (chunk: Buffer, from: Side, connection: number) => boolean;

export interface TcpProxy {
  readonly port: number;
  /** Where new connections lead; a server may come back somewhere else. */
  leadTo(port: number): void;
  turn(weather: Weather, delayMs?: number): void;
  /** All connections that there are die without a word; new ones pass. */
  forget(): void;
  watch(watch: Watch | null): void;
  /** How many came, ever. */
  readonly connections: number;
  /** How many bytes were let through, withheld or late, so that a fault can prove that it was felt. */
  readonly felt: () => number;
  close(): Promise<void>;
}

/** What is late in one direction: nothing that comes after it overtakes it, as on any connection. */
class Lane {
  readonly #late: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
  readonly #to: Socket;

  constructor(to: Socket) {
    this.#to = to;
  }

  get isClear(): boolean {
    return this.#late.length === 0;
  }

  pass(chunk: Buffer, delayMs: number): void {
    if (delayMs === 0 && this.isClear) {
      this.#to.write(chunk);
      return;
    }
    const isFirst = this.isClear;
    this.#late.push({ chunk, dueAt: performance.now() + delayMs });
    if (isFirst) this.#wait();
  }

  #wait(): void {
    const [first] = this.#late;
    if (first === undefined) return;
    setTimeout(
      () => {
        this.#to.write(first.chunk);
        this.#late.shift();
        this.#wait();
      },
      Math.max(0, first.dueAt - performance.now()),
    );
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly toClient: Lane;
  readonly toServer: Lane;
  isForgotten: boolean;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let [target, weather, delayMs, felt, count] = [targetPort, "open" as Weather, 0, 0, 0];
  let watcher: Watch | null = null;

  function carry(chunk: Buffer, from: Side, connection: number, pair: Pair): void {
    const lane = from === "client" ? pair.toServer : pair.toClient;
    if (watcher !== null && !watcher(chunk, from, connection)) return;
    if (weather !== "open" || pair.isForgotten) felt += chunk.length;
    if (weather === "hole" || pair.isForgotten) return;
    lane.pass(chunk, weather === "slow" ? delayMs : 0);
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
    const lanes = { toClient: new Lane(client), toServer: new Lane(server) };
    const pair: Pair = { client, server, ...lanes, isForgotten: false };
    pairs.add(pair);
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on("data", (chunk) => carry(chunk, "client", connection, pair));
    server.on("data", (chunk) => carry(chunk, "server", connection, pair));
    const end = (): void => {
      pairs.delete(pair);
      // A black hole says nothing, not even that the other end has gone.
      if (weather === "hole" || pair.isForgotten) return void held.push(client, server);
      // What is still late arrives first.
      const isLate = weather === "slow" || !pair.toClient.isClear || !pair.toServer.isClear;
      setTimeout(() => reset(pair), isLate ? delayMs : 0);
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

  function forget(): void {
    for (const pair of pairs) pair.isForgotten = true;
  }

  function turn(next: Weather, late = 0): void {
    // A connection that lost bytes cannot go on.
    if (weather === "hole") forget();
    [weather, delayMs] = [next, next === "slow" ? late : delayMs];
    if (next !== "cut") return;
    for (const pair of pairs) {
      felt += 1;
      reset(pair);
    }
    for (const socket of held.splice(0)) socket.destroy();
  }

  return {
    port,
    get connections() {
      return count;
    },
    leadTo: (next) => (target = next),
    turn,
    forget,
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
