// Holds answers to the OpenAPI document that the API publishes about itself.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { ROUTES } from "../../src/api/routes.ts";
import { openApiOf } from "../../src/api/openapi.ts";

type Json = Readonly<Record<string, unknown>>;

const document = openApiOf(ROUTES, "test");
const ajv = new Ajv2020({ strict: false, allErrors: true });
// The package is CommonJS: its function is also the namespace's default.
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addSchema(document, "openapi");

const templates = Object.keys(document.paths).map((path) => ({
  path,
  // A fixed address counts before one with parameters.
  specificity: path.split("{").length,
  pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{[a-z_]+\}/g, "[^/]+")}$`),
}));
templates.sort((one, other) => one.specificity - other.specificity);

/** A sentence for an answer that the document does not promise; null when all is well. */
export function answerProblem(answer: {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}): string | null {
  const { method, status, body } = answer;
  const bare = answer.path.split("?")[0] ?? "";
  const template = templates.find(
    ({ path, pattern }) =>
      pattern.test(bare) && document.paths[path]?.[method.toLowerCase()] !== undefined,
  )?.path;
  // What is not in the table answers with a problem, and nothing else.
  if (template === undefined) return problemOf("/components/schemas/Problem", answer);
  const responses = document.paths[template]?.[method.toLowerCase()]?.["responses"] as Json;
  const promised = responses[String(status)] as { content?: Json } | undefined;
  if (promised === undefined) return problemOf("/components/schemas/Problem", answer);
  const [type] = Object.keys(promised.content ?? {});
  if (type === undefined) return body === undefined ? null : `${template}: a body was not promised`;
  if (answer.contentType?.startsWith(type) !== true) {
    return `${method} ${template} answered ${answer.contentType}, not ${type}`;
  }
  if (type !== "application/json") return null;
  const pointer = ["paths", template, method.toLowerCase(), "responses", String(status)]
    .map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
    .join("/");
  return problemOf(`/${pointer}/content/application~1json/schema`, answer);
}

function problemOf(
  pointer: string,
  { method, path, status, body, contentType }: Parameters<typeof answerProblem>[0],
): string | null {
  if (pointer.endsWith("Problem") && contentType?.includes("problem+json") !== true) {
    return `${method} ${path} answered ${status} without a problem document`;
  }
  const validate = ajv.getSchema(`openapi#${pointer}`);
  if (validate === undefined) return `${method} ${path}: no schema at ${pointer}`;
  if (validate(body) === true) return null;
  return `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 500)}`;
}
