// POST and DELETE /api/auth/session: the dashboard's sign-in. The key goes into a cookie that no script
// can read and no other site can send; it is never in an address or in the browser's storage.
import { z } from "zod";
import { answer, emptyAnswer } from "../http/answer.ts";
import { requireSameOrigin } from "../auth/hosts.ts";
import { route } from "../route.ts";

const PATH = "/api/auth/session";
const KEPT_SECONDS = 12 * 60 * 60;

const sessionAnswer = z.strictObject({
  actor: z.string(),
  role: z.enum(["viewer", "trader", "admin"]),
});

export const signIn = route({
  method: "POST",
  path: PATH,
  operation: "signIn",
  tag: "keys",
  summary: "Sign a browser in",
  description: "Answers with a session cookie (http-only, same-site), good for twelve hours.",
  access: "public",
  // What no header could carry is no key.
  body: z.strictObject({ key: z.string().regex(/^[\x21-\x7e]{1,4000}$/, { error: "is no key" }) }),
  answers: { 200: { description: "Who it is now.", schema: sessionAnswer } },
  async handle({ api, body, request }) {
    // Otherwise another site could sign its visitor in, under a key of its own choice.
    requireSameOrigin(request, request.headers.get("host") ?? new URL(request.url).host);
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${body.key}`);
    const { actor, role } = await api.authenticator.authenticate(
      new Request(request.url, { headers }),
    );
    return answer(200, { actor, role }, { "set-cookie": cookie(request, body.key, KEPT_SECONDS) });
  },
});

export const signOut = route({
  method: "DELETE",
  path: PATH,
  operation: "signOut",
  tag: "keys",
  summary: "Sign a browser out",
  access: "public",
  answers: { 204: { description: "The cookie is gone.", schema: null } },
  handle({ request }) {
    requireSameOrigin(request, request.headers.get("host") ?? new URL(request.url).host);
    return emptyAnswer(204, { "set-cookie": cookie(request, "", 0) });
  },
});

/** A name that begins with `__Host-` is refused by browsers unless it came over TLS, for this host alone. */
function cookie(request: Request, value: string, seconds: number): string {
  const forwarded = request.headers.get("x-forwarded-proto");
  const isSecure = (forwarded ?? new URL(request.url).protocol).startsWith("https");
  const name = isSecure ? "__Host-fillstream_session" : "fillstream_session";
  const flags = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
  return `${name}=${encodeURIComponent(value)}; ${flags}`;
}
