// What a batch of signals costs the worker that holds them, besides the round trips: read from its stream's text,
// decided and folded, asked for its deadline, made into the rows of one commit; and ticks over all that is held.
// Run: npm run bench:batch [signals], which compiles it as the build does.
import { performance } from "node:perf_hooks";
import { CommitRows } from "../src/db/projections/part-rows.ts";
import { textArray } from "../src/db/array-literal.ts";
import { encodeEvent } from "../src/db/event-codec.ts";
import type { Context, Input } from "../src/domain/book.ts";
import { decodeSignal, encodeSignal } from "../src/domain/codec/signal.ts";
import { decide } from "../src/domain/decide.ts";
import { asId } from "../src/domain/ids.ts";
import type { InstrumentId } from "../src/domain/ids.ts";
import { ACCOUNT_ID, Scene } from "../test/unit/decide/scene.ts";
import { decideBatch } from "../src/worker/batch.ts";
import { PartitionTimer } from "../src/worker/partition-timer.ts";
import { touchedRows } from "../src/worker/touched.ts";
import { symbolsOf, wideContext } from "./wide-scene.ts";

const SIGNALS = Number(process.argv[2]) || 40_000;
const BATCH = 500;
const SYMBOLS = 200;

const scene = new Scene();
scene.tokens = 0;
const ids = symbolsOf(SYMBOLS);
const clock = { monotonic: () => performance.now(), after: () => () => undefined };
const timer = new PartitionTimer(clock, () => undefined);
const spent = new Map<string, number>();

function timed<Result>(what: string, work: () => Result): Result {
  const started = performance.now();
  const result = work();
  spent.set(what, (spent.get(what) ?? 0) + performance.now() - started);
  return result;
}

function textsOf(first: number): readonly string[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const of = ids[(first + index) % SYMBOLS] ?? asId<InstrumentId>("");
    const { number: _number, ...signal } = scene.signalOf({ of, side: "buy", quantity: "1" });
    return encodeSignal(signal);
  });
}

function batch(context: Context, texts: readonly string[], first: number): void {
  const { book } = scene;
  const inputs = timed("read", () =>
    texts.map((text, index): Input => {
      return { kind: "signal", signal: decodeSignal(text, first + index + 1) };
    }),
  );
  const takeTokens = (): void => undefined;
  const request = { book, inputs, poison: new Set<never>(), context, takeTokens };
  const { events, afterSeq } = timed("decide and fold", () => decideBatch(request));
  timed("next deadline", () => timer.arm(book, context, { inputs, events }));
  const rows = new CommitRows();
  const payloads = timed("events as text", () => events.map(({ event }) => encodeEvent(event)));
  timed("rows", () => {
    const numbers = { partition: 1, epoch: 1, afterSeq, decidedSignals: 0, decidedCommands: 0 };
    const part = { ...numbers, events, tradingVersion: null, ...touchedRows(book, events) };
    rows.add(part, ({ seq }) => payloads[seq - afterSeq - 1] ?? "");
  });
  timed("statement", () => {
    for (const each of [rows.events, rows.decisions, rows.placed, rows.changed]) textArray(each);
    rows.payloads.join("\u001e");
  });
}

const context = wideContext(scene, ids);
for (let round = 0; round < 2; round += 1) {
  spent.clear();
  const before = round * SIGNALS;
  for (let first = before; first < before + SIGNALS; first += BATCH) {
    batch(context, textsOf(first), first);
  }
  console.log(`${before + SIGNALS} held, µs for each of the last ${SIGNALS}`);
  for (const [what, ms] of spent) console.log(`  ${what}: ${((ms * 1000) / SIGNALS).toFixed(1)}`);
  for (const what of ["a tick that looks at all", "a tick behind it"]) {
    timed(what, () => decide(scene.book, { kind: "tick", accountId: ACCOUNT_ID }, context));
    console.log(`  ${what}, ms: ${spent.get(what)?.toFixed(1)}`);
  }
}
