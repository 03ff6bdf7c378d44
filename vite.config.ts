// Builds the dashboard into dist/dashboard: one page, hashed files, compressed beside the originals.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("src/dashboard", import.meta.url));
const outDir = fileURLToPath(new URL("dist/dashboard", import.meta.url));

/** The API sends what is compressed here, so that no request costs any compression. */
function compressed(): Plugin {
  return {
    name: "compressed",
    writeBundle(options) {
      const folder = options.dir ?? outDir;
      const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
      for (const entry of entries) {
        if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const content = readFileSync(path);
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root,
  base: "/",
  publicDir: join(root, "public"),
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    // A preload script would be written into the page, which the page's policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // `npm run dev:dashboard` shows the page of the working tree on the data of a running Fillstream.
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
  plugins: [compressed()],
});
