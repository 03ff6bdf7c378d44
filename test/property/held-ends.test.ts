// A tick passes over what is held and cannot have ended: it ends what a look at all of it would end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Book } from "../../src/domain/book.ts";
import { decide } from "../../src/domain/decide.ts";
import { AAPL, ACCOUNT_ID, MSFT, NYSE_AAPL, replay } from "../unit/decide/scene.ts";
import type { Scene } from "../unit/decide/scene.ts";
import { Life, steps } from "./book-steps.ts";

const RUNS = { numRuns: 400 };
const HOUR_MS = 3_600_000;

/** What happens beside the account's own life: time without a tick, rules, prices, tokens, signals that end. */
type Change = (scene: Scene) => void;

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: -3_000, max: 40_000 }).map(
    (ms): Change =>
      ({ world }) =>
        (world.now += ms),
  ),
  fc.constantFrom(1, 4, 15).map(
    (hours): Change =>
      ({ world }) =>
        (world.now += hours * HOUR_MS),
  ),
  fc
    .constantFrom(
      ["max_signal_age_seconds", "5"] as const,
      ["max_signal_age_seconds", "600"] as const,
      ["market_closed_hold_seconds", "600"] as const,
      ["market_closed_hold_seconds", "86400"] as const,
      ["on_broker_down", "reject"] as const,
      ["on_broker_down", "hold"] as const,
    )
    .map(
      ([key, value]): Change =>
        ({ world }) =>
          world.set(key, value),
    ),
  fc.constantFrom("100", null).map((price): Change => ({ world }) => {
    for (const id of [AAPL, MSFT, NYSE_AAPL]) world.price(id, price);
  }),
  fc.constantFrom(0, 0, 1, 50).map(
    (tokens): Change =>
      (scene) =>
        (scene.tokens = tokens),
  ),
  fc.boolean().map(
    (up): Change =>
      (scene) =>
        (scene.up = up),
  ),
  fc.constantFrom(AAPL, NYSE_AAPL).chain((of) =>
    fc.integer({ min: 1, max: 20_000 }).map((ms): Change => (scene) => {
      scene.signal({ side: "buy", quantity: "1", of, validUntil: scene.now + ms });
    }),
  ),
  fc.constant<Change>((scene) => {
    scene.signal({ side: "buy", quantity: "2", of: NYSE_AAPL, onMarketClosed: "queue" });
  }),
  fc.constantFrom("-5", "5").map((target): Change => (scene) => {
    scene.signal({ target });
  }),
  fc.constant<Change>((scene) => {
    const first = [...scene.account.open].find((id) => !scene.account.held.has(id));
    if (first !== undefined) scene.command({ kind: "cancel_order", orderId: first });
  }),
);

function ended(book: Book, { context }: Scene): readonly string[] {
  const { events } = decide(book, { kind: "tick", accountId: ACCOUNT_ID }, context);
  return events
    .map(({ event }) => `${event.type} ${"orderId" in event ? event.orderId : ""}`)
    .toSorted();
}

describe("a tick", () => {
  it("does what one that looks at all that is held would do, however often it is asked", () => {
    let held = 0;
    fc.assert(
      fc.property(steps, fc.array(changes, { maxLength: 40 }), (all, some) => {
        const life = new Life();
        const { scene } = life;
        let turn = 0;
        scene.tokens = 0;
        life.run(all, () => {
          some[turn % Math.max(1, some.length)]?.(scene);
          turn += 1;
          held += scene.account.held.size;
          const expected = ended(replay(scene), scene);
          expect(ended(scene.book, scene)).toEqual(expected);
          expect(ended(scene.book, scene)).toEqual(expected);
        });
      }),
      RUNS,
    );
    // Otherwise this would have looked at nothing.
    expect(held).toBeGreaterThan(1_000);
  });
});
