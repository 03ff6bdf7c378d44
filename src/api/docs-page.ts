// The readable page of the API: one page, no script, nothing from another host.
import { z } from "zod";
import { PROBLEMS } from "./http/problem-json.ts";
import type { Route } from "./route.ts";
import { openApiOf } from "./openapi.ts";

export const DOCS_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { columns: 16rem auto; padding-left: 1rem; }
article { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.5rem 0 1rem; }
h3 { font-family: ui-monospace, monospace; font-size: 1rem; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.role { float: right; font-size: 0.85rem; opacity: 0.75; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.75rem; border-radius: 0.5rem; background: color-mix(in srgb, currentColor 8%, transparent); }
`;

export function docsPage(routes: readonly Route[], version: string): string {
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fillstream API</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<h1>Fillstream API</h1>
<p>Version ${escaped(version)}. The same as <a href="/openapi.json">OpenAPI 3.1</a>. Money and quantities are
exact text in answers, numbers or text in requests.</p>
<nav><ul>${routes.map(linkTo).join("")}</ul></nav>
${tags.map((tag) => section(tag, routes)).join("\n")}
${problemTable()}
</body>
</html>
`;
}

function linkTo({ operation, summary }: Route): string {
  return `<li><a href="#${operation}">${escaped(summary)}</a></li>`;
}

function section(tag: string, routes: readonly Route[]): string {
  const articles = routes.filter((route) => route.tag === tag).map(article);
  return `<section><h2>${escaped(tag)}</h2>${articles.join("\n")}</section>`;
}

function article(route: Route): string {
  const { method, path, operation, summary, description, access } = route;
  return `<article id="${operation}">
<span class="role">${access === "public" || access === "token" ? access : `role ${access}`}</span>
<h3><span class="method">${method}</span>${escaped(path)}</h3>
<p>${inline(`${summary}. ${description ?? ""}`)}</p>
${exampleOf(route)}${parameterTable(route)}
<p>${Object.entries(route.answers)
    .map(([status, answer]) => `<b>${status}</b> ${inline(answer.description)}`)
    .join("<br>")}</p>
</article>`;
}

function exampleOf({ method, path, example }: Route): string {
  if (example === undefined) return "";
  const body = JSON.stringify(example);
  const command = `curl -X ${method} http://localhost:8000${path} -H "Content-Type: application/json" -d '${body}'`;
  return `<pre><code>${escaped(command)}</code></pre>`;
}

interface Parameter {
  readonly name: string;
  readonly where: string;
  readonly required: boolean;
  readonly description: string;
}

function parameterTable(route: Route): string {
  const rows = [...namedParameters(route), ...bodyFields(route)];
  if (rows.length === 0) return "";
  const cells = rows.map(
    ({ name, where, required, description }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${where}${required ? ", required" : ""}</td><td>${inline(description)}</td></tr>`,
  );
  return `<table><tbody>${cells.join("")}</tbody></table>`;
}

/** The part of an operation that the page shows; written by openapi.ts, so it is there. */
const operationShape = z.object({
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.string(),
      required: z.boolean(),
      description: z.string().default(""),
    }),
  ),
  requestBody: z
    .object({
      content: z.object({
        "application/json": z.object({
          schema: z.object({
            properties: z.record(z.string(), z.object({ description: z.string().default("") })),
            required: z.array(z.string()).default([]),
          }),
        }),
      }),
    })
    .optional(),
});

function operationOf(route: Route): z.output<typeof operationShape> {
  const [operations] = Object.values(openApiOf([route], "").paths);
  return operationShape.parse(Object.values(operations ?? {})[0]);
}

function namedParameters(route: Route): readonly Parameter[] {
  return operationOf(route).parameters.map(({ name, in: where, required, description }) => ({
    name,
    where,
    required,
    description,
  }));
}

function bodyFields(route: Route): readonly Parameter[] {
  const schema = operationOf(route).requestBody?.content["application/json"].schema;
  return Object.entries(schema?.properties ?? {}).map(([name, { description }]) => ({
    name,
    where: "body",
    required: schema?.required.includes(name) === true,
    description,
  }));
}

function problemTable(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escaped(title)}</td></tr>`,
  );
  return `<section><h2>problems</h2><p>Errors are <code>application/problem+json</code> with a stable
<code>code</code>; <code>errors</code> names the fields at fault.</p><table><tbody>${rows.join("")}</tbody></table></section>`;
}

/** Escapes, and sets what stands between backticks as code. */
function inline(text: string): string {
  return escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);
}
