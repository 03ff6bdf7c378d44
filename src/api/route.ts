// What a route is: its address, who may call it, what it takes, what it answers, and what it does. The
// same table makes the router, the OpenAPI document and the security tests.
import type { z } from "zod";
import type { Role, Sender } from "../app/sender.ts";
import type { Api } from "./context.ts";
import type { HangUp } from "./http/hang-up.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * `public` routes answer anybody; `token` routes find their sender themselves, in the path or the body,
 * and count it; every other one asks for a sender with at least this role.
 */
export type Access = "public" | "token" | Role;

export interface Call<Params, Query, Body> {
  readonly api: Api;
  readonly sender: Sender;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: Request;
  readonly requestId: string;
  /** Where the request comes from; null where nobody knows. */
  readonly remoteAddress: () => string | null;
  readonly hangUp: HangUp;
  readonly traceParent: string | null;
  /** Counts the request by its sender's key, or throws that there were too many. */
  readonly count: (sender: Sender) => void;
}

export interface RouteAnswer {
  readonly description: string;
  /** Null for an answer that is not JSON. */
  readonly schema: z.ZodType | null;
  readonly contentType?: string;
}

export interface RouteSpec<Params, Query, Body> {
  readonly method: Method;
  /** With `:name` for parameters. */
  readonly path: string;
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params?: z.ZodObject & z.ZodType<Params>;
  readonly query?: z.ZodObject & z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** A body that a reader of the documentation can send as it is. */
  readonly example?: unknown;
  /** Reads the body where the schema alone does not say everything. */
  readonly readBody?: (given: unknown) => Body;
  /** Takes JSON that is sent as plain text too. */
  readonly takesText?: true;
  /** A route that changes nothing may have a body that can be left out. */
  readonly bodyIsOptional?: true;
  /** Takes an Idempotency-Key, although it answers with the change itself and not with a receipt. */
  readonly takesKey?: true;
  readonly maxBodyBytes?: number;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  readonly handle: (call: Call<Params, Query, Body>) => Response | Promise<Response>;
}

/** A route as the table holds it: the types of its parts are known to its own handler only. */
export type Route = RouteSpec<never, never, never>;

// What the pipeline parses with a route's schemas is what the route's handler takes.
export function route<Params, Query, Body>(spec: RouteSpec<Params, Query, Body>): Route {
  return spec as unknown as Route;
}
