// The id of an activity: New York wall-clock time to the millisecond, two colons, a UUID. Whether that
// UUID is the stream's execution id is not known of the real one, so it is a setting here.
import type { Execution, Micros } from "../core/order.ts";
import { newYorkOffset } from "../new-york.ts";
import type { ActivityIds } from "../settings.ts";

export function activityStamp(at: Micros): string {
  const milliseconds = Math.floor(at / 1000);
  const wall = new Date(milliseconds + newYorkOffset(milliseconds)).toISOString();
  return wall.replaceAll(/[-:T.Z]/g, "");
}

const HEX = "0123456789abcdef";
export const FILL_MASK = 0x5;
export const FEE_MASK = 0xa;
/** The digits that say which kind of UUID it is stay as they are. */
const FIXED = new Set([14, 19]);

/** Another UUID that leads back to the first: the same step twice is no step. */
export function disguise(uuid: string, mask: number): string {
  let text = "";
  for (let index = 0; index < uuid.length; index += 1) {
    const character = uuid[index] ?? "";
    const digit = HEX.indexOf(character);
    text += digit < 0 || FIXED.has(index) ? character : (HEX[digit ^ mask] ?? "");
  }
  return text;
}

export function activityId(execution: Execution, ids: ActivityIds): string {
  const uuid = ids === "same" ? execution.id : disguise(execution.id, FILL_MASK);
  return `${activityStamp(execution.at)}::${uuid}`;
}

/** Each fill has a fee of its own, and one order may fill twice within a millisecond. */
export function feeId(execution: Execution): string {
  return `${activityStamp(execution.at)}::${disguise(execution.id, FEE_MASK)}`;
}

export interface Meant {
  /** The executions whose fill it may be, whatever the setting was when the id was given. */
  readonly fillOf: readonly string[];
  readonly feeOf: string;
  readonly entry: string;
}

export function meantBy(activity: string): Meant {
  const uuid = activity.split("::")[1] ?? "";
  return {
    fillOf: [uuid, disguise(uuid, FILL_MASK)],
    feeOf: disguise(uuid, FEE_MASK),
    entry: uuid,
  };
}
