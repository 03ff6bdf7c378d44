// What proves that an entry of a lane was written by this deployment: a code over all of it, made with a name
// that only the record knows. Redis may be shared by mistake, outlive a restored database, or be written by
// somebody else; what bears no seal is passed over, and the record brings what it has.
import { createHmac } from "node:crypto";
import type { BusMessage } from "../ports/bus.ts";

export type Seal = (message: BusMessage) => string;

export function sealOf(deployment: string): Seal {
  return ({ lane, partition, number, body }) =>
    createHmac("sha256", deployment)
      .update(`${lane} ${partition} ${number} ${body}`)
      .digest("base64url");
}
