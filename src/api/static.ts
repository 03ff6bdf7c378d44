// Serves the built dashboard: files read once and kept, sent as they were compressed by the build, under
// a policy that lets the page load nothing from anywhere else and run nothing written into it.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { Hono } from "hono";

/** `style-src` needs no exception: styles set by script go through the object model. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

const COMPRESSIONS = [
  { encoding: "br", extension: ".br" },
  { encoding: "gzip", extension: ".gz" },
] as const;

interface File {
  readonly type: string;
  readonly tag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly compressed: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Its name changes with its content, so that it can be kept for ever. */
  readonly isHashed: boolean;
}

/** Adds a route per file; without a build, `/` says how to make one. */
export function serveDashboard(app: Hono, directory: string): void {
  const files = readFiles(directory);
  for (const [path, file] of files) {
    app.get(path, ({ req }) => fileAnswer(file, req.raw));
  }
  const index = files.get("/index.html");
  app.get("/", ({ req }) =>
    index === undefined
      ? new Response("The dashboard is not built: run `npm run build`.\n", { status: 503 })
      : fileAnswer(index, req.raw),
  );
}

function readFiles(directory: string): ReadonlyMap<string, File> {
  if (!existsSync(join(directory, "assets"))) return new Map();
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [addressOf(directory, path), readOne(path)]));
}

function addressOf(directory: string, path: string): string {
  return `/${relative(directory, path).split(sep).join("/")}`;
}

function readOne(path: string): File {
  const body = bytesOf(path);
  const found = COMPRESSIONS.filter(({ extension }) => existsSync(path + extension));
  return {
    type: TYPES[extname(path)] ?? "application/octet-stream",
    tag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    body,
    compressed: new Map(
      found.map(({ encoding, extension }) => [encoding, bytesOf(path + extension)]),
    ),
    isHashed: path.includes(`${sep}assets${sep}`),
  };
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(path));
}

function fileAnswer(file: File, { headers: asked }: Request): Response {
  const accepted = asked.get("accept-encoding") ?? "";
  const encoding = [...file.compressed.keys()].find((each) => accepted.includes(each));
  const headers = {
    "content-type": file.type,
    "cache-control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    etag: file.tag,
    vary: "accept-encoding",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  };
  if (asked.get("if-none-match") === file.tag) return new Response(null, { status: 304, headers });
  const body = encoding === undefined ? file.body : file.compressed.get(encoding);
  return new Response(body ?? file.body, { headers });
}
