// Most units that one crypto order may ask for.
import { maxOrderQuantity } from "./order-quantity.ts";

export const maxOrderQtyCrypto = maxOrderQuantity("max_order_qty_crypto", "crypto");
