// A server that speaks enough of the PostgreSQL wire to answer a simple query as QuestDB does: doubles as
// Java writes them, timestamps without a zone.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface Column {
  readonly name: string;
  /** As PostgreSQL numbers its types: 1043 text, 701 double, 1114 timestamp. */
  readonly type: number;
}

/** As the one query of ticks names them. */
export const TICK_COLUMNS: readonly Column[] = [
  { name: "symbol", type: 1043 },
  { name: "at", type: 1114 },
  { name: "bid", type: 701 },
  { name: "ask", type: 701 },
  { name: "last", type: 701 },
];

type Answer =
  | { readonly columns: readonly Column[]; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly error: string }
  | "hang"
  | "cut";

export interface FakeQuestDb {
  readonly url: string;
  readonly queries: string[];
  answer: (query: string) => Answer;
  stop(): Promise<void>;
}

export async function startFakeQuestDb(answer: FakeQuestDb["answer"]): Promise<FakeQuestDb> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    serve(socket, (query) => {
      fake.queries.push(query);
      return fake.answer(query);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an AddressInfo
  const fake: FakeQuestDb = {
    url: `postgres://admin:quest@127.0.0.1:${port}/qdb`,
    queries: [],
    answer,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

function serve(socket: Socket, ask: (query: string) => Answer): void {
  let heard = Buffer.alloc(0);
  let started = false;
  socket.on("data", (chunk) => {
    heard = Buffer.concat([heard, chunk]);
    for (;;) {
      // The very first message has no kind before its length.
      const head = started ? 1 : 0;
      if (heard.length < head + 4) return;
      const end = head + heard.readInt32BE(head);
      if (heard.length < end) return;
      const kind = started ? String.fromCharCode(heard[0] ?? 0) : "startup";
      const body = heard.subarray(head + 4, end);
      heard = heard.subarray(end);
      if (kind === "startup") {
        started = true;
        socket.write(Buffer.concat([message("R", int32(0)), READY]));
      } else if (kind === "Q") give(socket, ask(body.toString("utf8").replace(/\0$/, "")));
      else if (kind === "X") socket.end();
    }
  });
}

function give(socket: Socket, answer: Answer): void {
  if (answer === "hang") return;
  if (answer === "cut") {
    socket.destroy();
    return;
  }
  if ("error" in answer) {
    const fields = Buffer.concat([text("SERROR"), text("C00000"), text(`M${answer.error}`)]);
    socket.write(Buffer.concat([message("E", Buffer.concat([fields, Buffer.alloc(1)])), READY]));
    return;
  }
  const described = answer.columns.map(({ name, type }) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
  );
  const rows = answer.rows.map((row) => {
    const cells = row.map((cell) =>
      cell === null
        ? int32(-1)
        : Buffer.concat([int32(Buffer.byteLength(cell)), Buffer.from(cell)]),
    );
    return message("D", Buffer.concat([int16(row.length), ...cells]));
  });
  const description = Buffer.concat([int16(answer.columns.length), ...described]);
  socket.write(
    Buffer.concat([
      message("T", description),
      ...rows,
      message("C", text(`SELECT ${answer.rows.length}`)),
      READY,
    ]),
  );
}

const READY = message("Z", Buffer.from("I"));

function message(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}
