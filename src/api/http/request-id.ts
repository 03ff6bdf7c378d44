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
