// From a request to its answer: who, may they, how often, what exactly, then the route's own work. One
// straight function instead of a chain of middleware, since acceptance runs through it.
import { hasRole, LOCAL_SENDER, type Sender } from "../app/sender.ts";
import { parseRequest } from "../app/parse.ts";
import { Problem } from "../app/problem.ts";
import { faultAsProblem } from "../app/accept.ts";
import { keyMismatch } from "../app/fingerprint.ts";
import { NameTaken } from "../ports/named-request.ts";
import { RefusedByDatabase } from "../ports/operations.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import type { Api } from "./context.ts";
import { MAX_BODY_BYTES, parseJson, readJson, readText, requireJson } from "./http/body.ts";
import type { HangUp } from "./http/hang-up.ts";
import { problemAnswer } from "./http/problem-json.ts";
import type { RateLimiter } from "./http/rate-limit.ts";
import { traceFields, traceParentOf } from "../domain/trace-context.ts";
import type { Span } from "../ports/tracing.ts";
import type { Route } from "./route.ts";

export interface Pipeline {
  readonly api: Api;
  readonly authenticator: Authenticator;
  /** Null where nobody is counted. */
  readonly limiter: RateLimiter | null;
  readonly nextRequestId: () => string;
  readonly observe: (route: Route, status: number, asked: AskedOnce) => void;
}

export interface AskedOnce {
  readonly startedAt: number;
  readonly traceParent: string | null;
}

export interface Received {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly remoteAddress: () => string | null;
  readonly hangUp: HangUp;
}

export type Handler = (received: Received) => Promise<Response>;

export function handlerFor(route: Route, pipeline: Pipeline): Handler {
  const { api, nextRequestId, observe } = pipeline;
  return async (received) => {
    const startedAt = api.clock.monotonic();
    const requestId = nextRequestId();
    const parent = traceParentOf(received.request.headers.get("traceparent"));
    const span = beginSpan(route, api, parent);
    const traceParent = span?.traceParent ?? parent;
    let response: Response;
    try {
      response = await answerTo(route, pipeline, { ...received, requestId, traceParent });
    } catch (error: unknown) {
      const problem = problemOf(error, { requestId, ...traceFields(traceParent) }, api);
      response = problemAnswer(problem, requestId);
    }
    if (span !== null) endSpan(span, route, response.status);
    observe(route, response.status, { startedAt, traceParent });
    return response;
  };
}

/** A page that asks every second what is new is no story to tell, unless its caller traces it. */
function beginSpan(route: Route, { tracer }: Api, parent: string | null): Span | null {
  if (tracer === null || (parent === null && route.method === "GET")) return null;
  return tracer.begin({ name: route.operation, kind: "server", parent });
}

/** The route as the table has it: what stands in an address may be a token. */
function endSpan(span: Span, { method, path }: Route, status: number): void {
  const attributes = {
    "http.request.method": method,
    "http.route": path,
    "http.response.status_code": status,
  };
  span.end(status < 500 ? { attributes } : { attributes, failure: `answered ${status}` });
}

interface Incoming extends Received {
  readonly requestId: string;
  readonly traceParent: string | null;
}

async function answerTo(route: Route, pipeline: Pipeline, incoming: Incoming): Promise<Response> {
  const { api, limiter } = pipeline;
  const { request, params, requestId, remoteAddress, hangUp, traceParent } = incoming;
  const sender = await senderOf(route, pipeline, request);
  const headers: Record<string, string> = {};
  const count = ({ actor }: Sender) => void Object.assign(headers, limiter?.take(actor, 1));
  if (!isOpen(route)) count(sender);
  const call = {
    api,
    sender,
    params: route.params === undefined ? {} : parseRequest(route.params, params),
    query: route.query === undefined ? noQuery(request) : readQuery(route, request),
    body: await readBody(route, request),
    request,
    requestId,
    remoteAddress,
    hangUp,
    traceParent,
    count,
  };
  // Parsed just now by the route's own schemas, whose types the table does not carry.
  const response = await route.handle(call as never);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Nobody is known yet: a route that finds its sender itself counts it itself. */
function isOpen({ access }: Route): boolean {
  return access === "public" || access === "token";
}

/** For routes that ask nobody who they are: it may do nothing. */
const NOBODY: Sender = { ...LOCAL_SENDER, actor: "nobody", role: "viewer", accounts: new Set() };

function senderOf(
  route: Route,
  { authenticator }: Pipeline,
  request: Request,
): Sender | Promise<Sender> {
  const wanted = route.access;
  if (wanted === "public" || wanted === "token") return NOBODY;
  const sender = authenticator.authenticate(request);
  const checked = (found: Sender): Sender => {
    if (hasRole(found, wanted)) return found;
    throw new Problem(
      "forbidden",
      `This needs the role ${wanted}, and this key has ${found.role}.`,
    );
  };
  return sender instanceof Promise ? sender.then(checked) : checked(sender);
}

function readQuery(route: Route, request: Request): unknown {
  const given: Record<string, string> = {};
  for (const [name, value] of new URL(request.url).searchParams) {
    if (Object.hasOwn(given, name)) {
      throw new Problem("invalid_request", `${name} is given twice.`, {
        fields: [{ field: name, message: "is given twice" }],
      });
    }
    // Defined, not assigned: a parameter called __proto__ is an unknown one like any other.
    Object.defineProperty(given, name, { value, enumerable: true });
  }
  const names = Object.keys(route.query?.shape ?? {});
  return route.query === undefined ? {} : parseRequest(route.query, given, names);
}

function noQuery(request: Request): unknown {
  const start = request.url.indexOf("?");
  if (start < 0 || start === request.url.length - 1) return {};
  const [first] = new URL(request.url).searchParams.keys();
  if (first === undefined) return {};
  throw new Problem("invalid_request", `${first} is not a parameter of this address.`, {
    fields: [{ field: first, message: "is not a parameter of this address" }],
  });
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  const { body, readBody: read } = route;
  if (body === undefined) return undefined;
  const given = await givenBody(route, request);
  if (read !== undefined) return read(given);
  const names = "shape" in body ? Object.keys(body.shape as object) : [];
  return parseRequest(body, given, names);
}

async function givenBody(route: Route, request: Request): Promise<unknown> {
  const maxBytes = route.maxBodyBytes ?? MAX_BODY_BYTES;
  if (route.takesText === true) return parseJson(await readText(request, maxBytes));
  if (route.bodyIsOptional !== true) return readJson(request, maxBytes);
  // Many clients name the type of a body that they do not send.
  const text = await readText(request, maxBytes);
  if (text === "") return {};
  requireJson(request);
  return parseJson(text);
}

interface RequestNames {
  readonly requestId: string;
  readonly trace_id?: string;
}

/** What goes wrong on purpose says so; the rest is ours, and only the log says what it was. */
function problemOf(error: unknown, names: RequestNames, { log }: Api): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RefusedByDatabase) {
    const hint = error.hint === null ? "" : ` ${error.hint}`;
    return new Problem("refused_by_database", `${error.message}${hint}`);
  }
  if (error instanceof NameTaken) return keyMismatch(error.fingerprint, error.first);
  const fault = faultAsProblem(error);
  if (fault !== null) return fault;
  log.error({ ...names, err: error }, "a request failed");
  return new Problem("internal", `Something broke; the log says more under ${names.requestId}.`);
}
