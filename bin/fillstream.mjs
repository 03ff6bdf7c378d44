#!/usr/bin/env node
// The command `fillstream`. In a checkout it installs and builds first what is missing or older than its sources.
import { existsSync } from "node:fs";

if (existsSync(new URL("../src", import.meta.url))) await import("../scripts/ensure.mjs");
await import(new URL("../dist/cli/main.js", import.meta.url));
