// Connections for work of one kind, of which the first that is free does it. A pool takes them in turn,
// so that each finds the processor's caches full of the others; here the one that has just worked goes on.
import type { Sql } from "./client.ts";

interface Connection {
  readonly sql: Sql;
  working: number;
}

export class WarmConnections {
  readonly #connections: readonly Connection[];

  /** Each of one connection, the one to prefer first. */
  constructor(connections: readonly [Sql, ...Sql[]]) {
    this.#connections = connections.map((sql) => ({ sql, working: 0 }));
  }

  /** With none free it queues behind the one with the least to do. */
  async run<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const connection = this.#connections.reduce((best, each) =>
      each.working < best.working ? each : best,
    );
    connection.working += 1;
    try {
      return await work(connection.sql);
    } finally {
      connection.working -= 1;
    }
  }

  async end(options: { readonly timeout: number }): Promise<void> {
    await Promise.all(this.#connections.map(({ sql }) => sql.end(options)));
  }
}
