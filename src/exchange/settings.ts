// What may be changed while the exchange runs, beside the market's own policy.

/**
 * How the ids of FILL activities relate to the execution ids of the stream, which is not known of the
 * real one: they carry the same UUID, another one, or the stream carries none at all.
 */
export type ActivityIds = "same" | "different" | "none";

/** Paper accounts get binary frames that hold UTF-8 JSON, live ones text; clients have to read both. */
export type StreamFrames = "binary" | "text";

export interface Settings {
  /** How long every answer takes to leave, once the request has been worked on. */
  answerDelayMs: number;
  /** The same for stream frames. */
  streamDelayMs: number;
  activityIds: ActivityIds;
  /** Of trade updates, to clients that did not ask for MessagePack. */
  streamFrames: StreamFrames;
}
