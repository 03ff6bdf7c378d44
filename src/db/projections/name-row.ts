// What an order was ever called at its broker: by us (reference) or by the broker (broker order id).
import type { AccountId, OrderId } from "../../domain/ids.ts";
import { rowShape } from "./row.ts";

export interface OrderName {
  readonly partition: number;
  readonly accountId: AccountId;
  readonly name: string;
  readonly orderId: OrderId;
}

export const NAME_ROW = rowShape<OrderName>("broker_references", [
  ["partition", "plain", ({ partition }) => partition],
  ["account_id", "text", ({ accountId }) => accountId],
  ["name", "text", ({ name }) => name],
  ["order_id", "plain", ({ orderId }) => orderId],
]);
