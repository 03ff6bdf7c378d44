// Most shares that one stock order may ask for.
import { maxOrderQuantity } from "./order-quantity.ts";

export const maxOrderQtyStock = maxOrderQuantity("max_order_qty_stock", "stock");
