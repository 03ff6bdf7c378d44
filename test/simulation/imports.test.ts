// The simulation proves something only if it runs the modules that the product runs: what compose
// reaches in the worker and the core, the simulation reaches too, file by file.
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** The door for bots without HTTP has a suite of its own on a real Redis; its rows are what is simulated. */
const NOT_SIMULATED = ["src/worker/router.ts"];

/** Types are erased, so only imports of values count. */
function reachedFrom(entry: string): Set<string> {
  const found = new Set<string>();
  const waiting = [resolve(ROOT, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (path.startsWith(".")) waiting.push(resolve(dirname(file), path));
    }
  }
  return new Set([...found].map((file) => relative(ROOT, file)));
}

const IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm;
const isEngine = (file: string) => /^src\/(worker|domain)\//.test(file);

const wired = reachedFrom("src/compose/worker.ts");
const simulated = reachedFrom("test/simulation/scenario.ts");

describe("the simulation", () => {
  it("runs the engine that compose wires", () => {
    expect(wired).toContain("src/worker/engine.ts");
    expect(simulated).toContain("src/worker/engine.ts");
  });

  it("runs every module of the worker that compose wires", () => {
    const missing = [...wired].filter(
      (file) => file.startsWith("src/worker/") && !simulated.has(file),
    );
    expect(missing).toEqual(NOT_SIMULATED);
  });

  it("runs every module of the core that the engine reaches, and brings none of its own", () => {
    const engine = [...reachedFrom("src/worker/engine.ts")].filter(isEngine);
    expect(engine.length).toBeGreaterThan(80);
    for (const file of engine) expect(simulated).toContain(file);
    const own = [...simulated].filter((file) => /\/(worker|domain)\//.test(file));
    expect(own.filter((file) => !file.startsWith("src/"))).toEqual([]);
  });
});
