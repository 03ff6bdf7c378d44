// While one order's fate is unknown, nothing new is opened on its symbol: it may be there already.
import { isPlainOn } from "../aggregate.ts";
import { pass, refuse } from "../rule.ts";
import type { RiskRule } from "../rule.ts";
import { isUnsettledOn } from "../working.ts";

export const symbolFrozen: RiskRule = {
  code: "symbol_frozen",
  refusesExits: false,
  limit: null,
  check(subject) {
    const { account, instrument } = subject;
    const { symbol } = instrument;
    const reason = account.frozen.get(instrument.id);
    if (reason !== undefined) return refuse(`${symbol} is frozen: ${reason}`, { reason });
    // Hundreds may rest on a symbol: they are listed only where one of them can be what we look for.
    if (isPlainOn(account, instrument.id) && !isUnsettledOn(account, instrument.id)) return pass();
    for (const { order, quantity, notional, name } of subject.working) {
      if (order !== null && order.unresolved !== null) {
        const action = order.unresolved.action;
        return refuse(
          `${symbol} is frozen: what became of the ${action} of order ${order.id} is not known yet`,
          { order_id: order.id, action },
        );
      }
      if (quantity === null && notional === null) {
        return refuse(`${symbol} is frozen: the broker's order ${name} has no size we can read`, {
          broker_order_id: name,
        });
      }
    }
    return pass();
  },
};
