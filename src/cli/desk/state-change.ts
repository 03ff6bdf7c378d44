// stop, reduce, freeze and resume: one change of the trading state each.
import { parseArgs } from "node:util";
import { UsageError } from "../command.ts";
import { atDesk, DONE } from "./desk.ts";
import { jsonOption } from "./options.ts";
import { painted, print, printJson } from "./print.ts";

export interface StateChangeCommand {
  readonly state: "active" | "reducing" | "halted";
  readonly cancelOrders: boolean;
  readonly needsReason: boolean;
}

export function changeState(args: string[], change: StateChangeCommand): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...jsonOption,
      reason: { type: "string" },
      account: { type: "string" },
      strategy: { type: "string" },
      flatten: { type: "boolean" },
    },
  });
  const { reason, account, strategy, flatten } = values;
  if (change.needsReason && reason === undefined) throw new UsageError("Say why, with --reason.");
  return atDesk(async (client) => {
    const changed = await client.setTradingState({
      state: change.state,
      cancel_orders: change.cancelOrders,
      ...(flatten === undefined ? {} : { flatten }),
      ...(reason === undefined ? {} : { reason }),
      ...(account === undefined ? {} : { account }),
      ...(strategy === undefined ? {} : { strategy }),
    });
    if (values.json) printJson(changed);
    else {
      for (const sentence of changed.effect) print(sentence);
      for (const order of changed.on_its_way) {
        print(
          painted(
            `  on its way: ${order.side} ${order.qty ?? ""} ${order.symbol} ${order.order_id}`,
            "yellow",
          ),
        );
      }
      if (changed.how_to_resume !== null) print(`To go on: ${changed.how_to_resume}`);
    }
    return DONE;
  });
}
