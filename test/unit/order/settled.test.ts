// Which fills of a look belong to orders that are over and booked: only those that make up the whole of one.
import { describe, expect, it } from "vitest";
import type { BrokerView } from "../../../src/domain/broker.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { withoutSettled } from "../../../src/domain/order/settled.ts";
import { brokerId, executionOf } from "../../support/orders.ts";

const of = (text: string): Decimal => Decimal.of(text);
const SETTLED = new Map(
  [["B1", "5", "502"] as const, ["B2", "0", "0"] as const].map(([name, quantity, notional]) => {
    const brokerOrderId = brokerId(name);
    const figures = { filledQuantity: of(quantity), filledNotional: of(notional) };
    return [brokerOrderId, { brokerOrderId, ...figures }];
  }),
);

/** `3@100 on B1` */
function fill(text: string, index: number): BrokerView["executions"][number] {
  const [what = "", name] = text.split(" on ");
  const [quantity = "", price = ""] = what.split("@");
  const { orderId: _, ...execution } = executionOf({
    id: `${index}`,
    quantity,
    price,
    cumulative: null,
    at: 1,
  });
  const brokerOrderId = name === undefined ? null : brokerId(name);
  return { ...execution, brokerOrderId, symbol: "AAPL", side: "buy" };
}

describe("of the fills in a look", () => {
  it.each([
    ["all of one", "3@100 on B1, 2@101 on B1", ""],
    ["all of one among others'", "3@100 on B1, 4@7 on B9, 2@101 on B1", "1"],
    ["a part of one", "2@101 on B1", "0"],
    ["more than it filled", "3@100 on B1, 2@101 on B1, 1@1 on B1", "0 1 2"],
    ["as many at another price", "3@100 on B1, 2@102 on B1", "0 1"],
    ["one that had none", "1@100 on B2", "0"],
    ["no order's", "5@100", "0"],
  ])("%s: %s", (_what, told, left) => {
    const fills = told.split(", ").map(fill);
    expect(withoutSettled(fills, SETTLED).map(({ id }) => id)).toEqual(
      left.split(" ").filter(Boolean),
    );
  });
});
