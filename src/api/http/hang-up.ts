// Ends a connection whose client does not read. An answer that is ended in good order waits for its
// client for ever, and what was to be sent waits with it, here and in the kernel.
import { ServerResponse } from "node:http";
import type { Context } from "hono";
import { z } from "zod";

/** What @hono/node-server hands over; a request without a socket (in tests) has nothing of it. */
const withAnswer = z.object({ outgoing: z.instanceof(ServerResponse) });

/** False when there is no connection to end. */
export type HangUp = () => boolean;

export function hangUpOf({ env }: Context): HangUp {
  return () => {
    const known = withAnswer.safeParse(env);
    if (!known.success) return false;
    const { outgoing } = known.data;
    // One that is over already, such as an answer to HEAD, has nobody left to tell.
    if (outgoing.writableFinished || outgoing.destroyed) return false;
    // A reset: after a plain end the kernel would keep what was not read.
    if (outgoing.socket === null) outgoing.destroy();
    else outgoing.socket.resetAndDestroy();
    return true;
  };
}
