// What has to be there before anything of ours runs: the packages, then what is compiled from the sources.
import "./ensure-deps.mjs";

await import("./ensure-build.mjs");
