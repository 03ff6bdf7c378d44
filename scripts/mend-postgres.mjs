// Mends postgres.js where it is installed. Version 3.4.9 handles a connection that closes badly in ways that a
// caller cannot guard against (docs/adr/0015 says which). A newer version whose text differs is refused here, by
// name, so that somebody looks whether the mending is still needed.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CLOSED = "Errors.connection('CONNECTION_CLOSED', options)";

/** Each is one place: `from` stands there once, and `to` is what stands there afterwards. */
const MENDINGS = {
  "connection.js": [
    {
      // A question to a connection without a socket threw from a timer, and ended the process.
      from: `    if (stream)
      return queryError(q, Errors.generic('COPY_IN_PROGRESS',`,
      to: `    if (!socket) {
      queryError(q, ${CLOSED})
      return true
    }

    if (stream)
      return queryError(q, Errors.generic('COPY_IN_PROGRESS',`,
    },
    {
      // A write that waited for its turn when the connection closed left its timer set: the next
      // connection wrote nothing until it was given up.
      from: `    incomings = null
    clearImmediate(nextWriteTimer)
`,
      to: `    incomings = null
    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
`,
    },
    {
      // A question asked between the error of a connection and its close was never answered: it hung, and
      // its successor's answers went to whoever had not asked.
      from: `    !hadError && (query || sent.length) && error(`,
      to: `    ;(query || sent.length) && error(`,
    },
    {
      // What the old connection was asked and had answered was told to the first question of the new one.
      from: `    closedTime = performance.now()
    hadError &&`,
      to: `    query = results = errorResponse = null
    result = new Result()
    closedTime = performance.now()
    hadError &&`,
    },
    {
      // Under TLS what is asked goes past the socket that was made for it: whoever watches that one for
      // silence is shown the other.
      from: `    socket.removeAllListeners()
    socket = tls.connect(options)
`,
      to: `    const plain = socket
    socket.removeAllListeners()
    socket = tls.connect(options)
    plain.secured && plain.secured(socket)
`,
    },
    {
      // A connection that closed while it asked for the types of arrays, as each does first, ended the
      // process. One on which they cannot be had is no good: arrays would be read as text.
      from: `        return fetchArrayTypes()
`,
      to: `        return fetchArrayTypes().catch(() => socket && socket.destroy())
`,
    },
  ],
  "index.js": [
    {
      // A reserved connection that had closed was handed out again by its release, and its session went on
      // asking on what by then was somebody else's connection.
      from: `    c.reserved = () => queue.length
      ? c.execute(queue.shift())
      : move(c, reserved)
    c.reserved.release = true

    const sql = Sql(handler)
    sql.release = () => {
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
      c.queue === full`,
      to: `    const mine = c.reserved = () => queue.length
      ? c.execute(queue.shift())
      : move(c, reserved)
    c.reserved.release = true

    const sql = Sql(handler)
    sql.release = () => {
      if (c.reserved !== mine)
        return
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
      c.reserved !== mine
        ? q.reject(${CLOSED})
        : c.queue === full`,
    },
    {
      // The same of a transaction: its rollback could have undone another transaction's work.
      from: `    async function scope(c, fn, name) {
      const sql = Sql(handler)`,
      to: `    async function scope(c, fn, name) {
      const mine = c.reserved
      const sql = Sql(handler)`,
    },
    {
      from: `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
      to: `        q.catch(e => uncaughtError || (uncaughtError = e))
        !mine || c.reserved !== mine
          ? q.reject(${CLOSED})
          : c.queue === full`,
    },
  ],
};

for (const [file, mendings] of Object.entries(MENDINGS)) mend(file, mendings);

function mend(file, mendings) {
  const path = fileURLToPath(new URL(`../node_modules/postgres/src/${file}`, import.meta.url));
  // An install without packages, or one that is broken: whoever needs them will say so.
  if (!existsSync(path)) return;
  const before = readFileSync(path, "utf8");
  const after = mendings.reduce((text, mending) => change(text, mending, file), before);
  if (after === before) return;
  // Another process may be reading it, and a cache may share the file with other projects.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, after);
  renameSync(draft, path);
}

function change(text, { from, to }, file) {
  if (text.includes(to)) return text;
  const parts = text.split(from);
  if (parts.length === 2) return parts.join(to);
  console.error(
    `postgres/src/${file} is not the text that scripts/mend-postgres.mjs knows: look there.`,
  );
  process.exit(1);
}
