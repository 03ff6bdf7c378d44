#!/usr/bin/env node
// The command `fillstream` of a checkout: installs and builds first when that was never done.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/cli/main.js", import.meta.url);

if (!existsSync(main)) {
  for (const script of ["ensure-deps.mjs", "ensure-build.mjs"]) {
    const path = fileURLToPath(new URL(`../scripts/${script}`, import.meta.url));
    const { status } = spawnSync(process.execPath, [path], { stdio: ["ignore", 2, 2] });
    if (status !== 0) process.exit(1);
  }
}

await import(main.href);
