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
const MASK = 0x5;
/** The digits that say which kind of UUID it is stay as they are. */
const FIXED = new Set([14, 19]);

/** Another UUID that leads back to the first: the same step twice is no step. */
export function disguise(uuid: string): string {
  let text = "";
  for (let index = 0; index < uuid.length; index += 1) {
    const character = uuid[index] ?? "";
    const digit = HEX.indexOf(character);
    text += digit < 0 || FIXED.has(index) ? character : (HEX[digit ^ MASK] ?? "");
  }
  return text;
}

export function activityId(execution: Execution, ids: ActivityIds): string {
  const uuid = ids === "same" ? execution.id : disguise(execution.id);
  return `${activityStamp(execution.at)}::${uuid}`;
}

/** The execution ids that an activity id may stand for, whatever the setting was when it was given. */
export function executionIds(activity: string): readonly string[] {
  const uuid = activity.split("::")[1] ?? "";
  return [uuid, disguise(uuid)];
}
