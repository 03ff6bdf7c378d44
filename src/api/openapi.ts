// The OpenAPI document, made from the routes and their schemas: what is parsed and what is promised.
import { z } from "zod";
import { problemAnswerSchema } from "./answers/signal.ts";
import { PROBLEMS } from "./http/problem-json.ts";
import type { Route } from "./route.ts";

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument extends Json {
  readonly openapi: "3.1.0";
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

export function openApiOf(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([a-z_]+)/g, "{$1}");
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Fillstream",
      version,
      description:
        "Trade signals in, broker orders out. Money and quantities are exact text in answers, numbers or text in requests. Errors are `application/problem+json` with a stable `code`.",
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problemAnswerSchema, "output") },
      responses: { Problem: problemResponse() },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key, or a token." },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  };
}

function operationOf(route: Route): Json {
  const { description, access } = route;
  return {
    operationId: route.operation,
    tags: [route.tag],
    summary: route.summary,
    ...(description === undefined ? {} : { description }),
    ...(access === "public" || access === "token" ? { security: [] } : { "x-role": access }),
    parameters: [
      ...parametersOf(route.params, "path"),
      ...parametersOf(route.query, "query"),
      ...headersOf(route),
    ],
    ...bodyOf(route),
    responses: responsesOf(route),
  };
}

function parametersOf(schema: z.ZodType | undefined, where: "path" | "query"): readonly Json[] {
  if (schema === undefined) return [];
  const { properties, required } = objectSchema.parse(schemaOf(schema, "input"));
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Sent again with the same key, a request is not carried out twice: the first answer comes again, marked as a replay.",
  schema: { type: "string", maxLength: 255 },
};
const PREFER = {
  name: "Prefer",
  in: "header",
  required: false,
  description: "`wait=2` waits up to two seconds for the outcome.",
  schema: { type: "string" },
};

/** Routes that answer with a receipt can be repeated safely and waited for. */
function headersOf({ method, answers, takesKey }: Route): readonly Json[] {
  if (takesKey === true) return [IDEMPOTENCY_KEY];
  if (method === "GET" || answers[202] === undefined) return [];
  return answers[200] === undefined ? [IDEMPOTENCY_KEY] : [IDEMPOTENCY_KEY, PREFER];
}

function bodyOf({ body, bodyIsOptional, example }: Route): Json {
  if (body === undefined) return {};
  const content = {
    "application/json": {
      schema: schemaOf(body, "input"),
      ...(example === undefined ? {} : { example }),
    },
  };
  return { requestBody: { required: bodyIsOptional !== true, content } };
}

function responsesOf({ answers }: Route): Json {
  const responses: Record<string, Json> = {};
  for (const [status, { description, schema, contentType }] of Object.entries(answers)) {
    const type = contentType ?? "application/json";
    const content =
      schema !== null
        ? { [type]: { schema: schemaOf(schema, "output") } }
        : contentType === undefined
          ? undefined
          : { [type]: { schema: { type: "string" } } };
    responses[status] = { description, ...(content === undefined ? {} : { content }) };
  }
  return { ...responses, default: { $ref: "#/components/responses/Problem" } };
}

function problemResponse(): Json {
  const codes = Object.entries(PROBLEMS).map(([code, { status }]) => `${status} \`${code}\``);
  return {
    description: `A problem: ${codes.join(", ")}.`,
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
}
