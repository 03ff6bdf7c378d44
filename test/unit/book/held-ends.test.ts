// What a look at held orders passes over, and what it keeps of those that are not held any more.
import { expect, it } from "vitest";
import { HeldEnds } from "../../../src/domain/held-ends.ts";
import type { HeldOrders } from "../../../src/domain/held-orders.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import { orderOf, Scene } from "../decide/scene.ts";

const RULES = [{}];
const [FIRST, SECOND] = [orderOf(1), orderOf(2)];

/** Two orders that wait for a token. */
function held(): { ends: HeldEnds; ids: HeldOrders; orders: readonly OrderState[] } {
  const scene = new Scene();
  scene.tokens = 0;
  for (const quantity of ["1", "2"]) scene.signal({ side: "buy", quantity });
  const orders = [scene.order(FIRST), scene.order(SECOND)];
  return { ends: new HeldEnds(), ids: scene.account.held, orders };
}

it("looks at all at first, and at none that has not changed until one may end", () => {
  const { ends, ids } = held();
  expect(ends.look(ids, 0, RULES)).toEqual([FIRST, SECOND]);
  ends.passOver(FIRST, 100, 0);
  ends.passOver(SECOND, 50, 0);
  expect(ends.look(ids, 49, RULES)).toEqual([]);
  expect(ends.look(ids, 50, RULES)).toEqual([FIRST, SECOND]);
});

it("looks at one that has changed, once, and at one that waits for more than time with each look", () => {
  const { ends, ids, orders } = held();
  ends.look(ids, 0, RULES);
  ends.passOver(FIRST, 100, 0);
  ends.passOver(SECOND, 0, 0);
  const [first] = orders;
  if (first !== undefined) ends.touch(first);
  expect(ends.look(ids, 1, RULES)).toEqual([SECOND, FIRST]);
  ends.passOver(SECOND, 1, 1);
  ends.passOver(FIRST, 100, 1);
  expect(ends.look(ids, 2, RULES)).toEqual([SECOND]);
});

it("looks at all again under other rules, and where not all were reached", () => {
  const { ends, ids } = held();
  ends.look(ids, 0, RULES);
  for (const id of ids) ends.passOver(id, 100, 0);
  expect(ends.look(ids, 1, [{}])).toEqual([FIRST, SECOND]);
  ends.lookAtAll();
  expect(ends.look(ids, 2, RULES)).toEqual([FIRST, SECOND]);
});

it("forgets what is held no more, though nobody looks", () => {
  const { ends, ids, orders } = held();
  ends.look(ids, 0, RULES);
  for (const order of orders) {
    ends.touch(order);
    ends.touch({ ...order, status: "submitted" });
  }
  for (const id of ids) ends.passOver(id, 100, 0);
  expect(ends.look(ids, 1, RULES)).toEqual([]);
});
