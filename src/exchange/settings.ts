// What may be changed while the exchange runs, beside the market's own policy.
import type { ActivityIds } from "./alpaca/context.ts";

export interface Settings {
  /** How long every answer takes to leave, once the request has been worked on. */
  answerDelayMs: number;
  /** The same for stream frames. */
  streamDelayMs: number;
  activityIds: ActivityIds;
}
