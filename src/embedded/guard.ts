// Stops the servers when their holder dies without a word: a shell that waits on a pipe from it.
import { spawn } from "node:child_process";
import { Socket } from "node:net";

export interface GuardedFiles {
  readonly postgresPidFile: string;
  readonly redisPidFile: string;
  /** One file for each process that uses the servers; the last one to die takes them along. */
  readonly holders: string;
  /** Removed at the end; for servers that are thrown away. */
  readonly removeDirectory: string | null;
}

export interface Guard {
  readonly pid: number | undefined;
  /** The holder leaves in good order and sees to the servers itself. */
  dismiss(): void;
}

// A shell takes 1 MB where a second Node would take 40. Reading a line means "goodbye"; the end of the
// pipe without one means that the holder is gone, and its own processes get a moment to drain.
const SCRIPT = `
holder=$1 postgres=$2 redis=$3 holders=$4 remove=$5
read -r goodbye && exit 0
[ -n "$remove" ] || sleep 1
for file in "$holders"/*; do
  [ "\${file##*/}" = "$holder" ] && continue
  [ -e "$file" ] && kill -0 "\${file##*/}" 2>/dev/null && exit 0
done
read -r pid 2>/dev/null <"$redis" && kill -TERM "$pid" 2>/dev/null
read -r pid 2>/dev/null <"$postgres" && kill -INT "$pid" 2>/dev/null
rm -f "$holders/$holder"
[ -n "$remove" ] || exit 0
tries=0
while [ -e "$postgres" ] && [ $tries -lt 100 ]; do
  sleep 0.1; tries=$((tries + 1))
done
rm -rf "$remove"
`;

export function startGuard(files: GuardedFiles): Guard {
  const { postgresPidFile, redisPidFile, holders, removeDirectory } = files;
  const names = [String(process.pid), postgresPidFile, redisPidFile, holders];
  const args = ["-c", SCRIPT, "fillstream-guard", ...names, removeDirectory ?? ""];
  const shell = spawn("/bin/sh", args, {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  // A pipe is a socket to Node, and must not keep a finished process alive.
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  shell.stdin.on("error", () => undefined);
  return { pid: shell.pid, dismiss: () => shell.stdin.end("goodbye\n") };
}
