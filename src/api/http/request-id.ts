// A name for each request, for its problem document and the log: cheap, unique within a deployment.
import { randomBytes } from "node:crypto";

export function requestIds(): () => string {
  const prefix = randomBytes(6).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}

const TRACE_PARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C trace context as it came in; anything else is no trace. */
export function traceParentOf(header: string | null): string | null {
  return header !== null && TRACE_PARENT.test(header) ? header : null;
}
