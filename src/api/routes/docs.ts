// GET /openapi.json and /docs: the API describes itself.
import { z } from "zod";
import { DOCS_STYLE } from "../docs-page.ts";
import { textAnswer } from "../http/answer.ts";
import { route } from "../route.ts";

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const getOpenApi = route({
  method: "GET",
  path: "/openapi.json",
  operation: "openapi",
  tag: "documentation",
  summary: "This API as OpenAPI 3.1",
  access: "public",
  answers: {
    200: { description: "The document.", schema: z.looseObject({ openapi: z.string() }) },
  },
  handle: ({ api }) =>
    textAnswer(200, api.documents().openApi, "application/json; charset=utf-8", {
      "cache-control": "no-cache",
    }),
});

export const getDocs = route({
  method: "GET",
  path: "/docs",
  operation: "docs",
  tag: "documentation",
  summary: "This API as a page",
  access: "public",
  answers: { 200: { description: "The page.", schema: null, contentType: "text/html" } },
  handle: ({ api }) =>
    textAnswer(200, api.documents().page, "text/html; charset=utf-8", {
      "content-security-policy": PAGE_POLICY,
    }),
});

export const getDocsStyle = route({
  method: "GET",
  path: "/docs.css",
  operation: "docsStyle",
  tag: "documentation",
  summary: "The page's style",
  access: "public",
  answers: { 200: { description: "CSS.", schema: null, contentType: "text/css" } },
  handle: () => textAnswer(200, DOCS_STYLE, "text/css; charset=utf-8"),
});
