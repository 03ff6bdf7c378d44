// Where a request comes from: the other end of the connection, or what a proxy that we trust says.
import type { Context } from "hono";
import { z } from "zod";

/** What @hono/node-server hands over; a request without a socket (in tests) has nothing of it. */
const withSocket = z.object({
  incoming: z.object({ socket: z.object({ remoteAddress: z.string().optional() }) }),
});

export function remoteAddressOf(
  context: Context,
  trustedProxies: readonly string[],
): string | null {
  const known = withSocket.safeParse(context.env);
  const address = known.success ? plain(known.data.incoming.socket.remoteAddress ?? null) : null;
  if (address === null || !trustedProxies.includes(address)) return address;
  const hops = (context.req.header("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  // The last hop that is not one of ours: what stands before it anybody may have written.
  return hops.findLast((hop) => hop !== "" && !trustedProxies.includes(hop)) ?? address;
}

/** A socket for both families shows IPv4 in IPv6's clothes. */
function plain(address: string | null): string | null {
  return address?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
}
