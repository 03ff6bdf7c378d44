// Connections to PostgreSQL, and its failures told apart: nothing happened, or nobody knows.
import postgres from "postgres";
import { CommitUnknown, NeverAccepted, StoreUnavailable } from "../ports/store.ts";
import { watchedSocket } from "./socket.ts";

export type Sql = postgres.Sql<{ bigint: number }>;
/** A piece of a statement. */
export type Fragment = ReturnType<Sql>;
export type Transaction = postgres.TransactionSql<{ bigint: number }>;

/** Where the API's reads go: the short ones, and those that grow with the record. */
export interface ReadPools {
  readonly queries: Sql;
  readonly listings: Sql;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** For work that may take minutes, such as a replay: nothing is given up for being slow. */
  readonly patient?: boolean;
  /** Never renewed for its age: the moment would be that of a commit. */
  readonly lasting?: boolean;
}

const STATEMENT_TIMEOUT_MS = 10_000;
/** Longer than any statement may take, so that the server's own answer comes first. */
const SILENCE_MS = STATEMENT_TIMEOUT_MS + 3_000;
const CONNECT_TIMEOUT_SECONDS = 5;
/** postgres.js would wait up to 20 s; trading has to go on within 5 s of the server's return. */
const MAX_RECONNECT_SECONDS = 0.5;
const INT8 = 20;

export function connect(options: DatabaseOptions): Sql {
  const { url, name, maxConnections, patient = false, lasting = false } = options;
  return postgres(url, {
    max: maxConnections,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: (retries: number) =>
      Math.min(0.02 * 2 ** Math.min(retries, 10), MAX_RECONNECT_SECONDS),
    onnotice: () => undefined,
    connection: {
      application_name: name,
      statement_timeout: patient ? 0 : STATEMENT_TIMEOUT_MS,
    },
    ...(patient ? {} : { socket: watched }),
    ...(lasting ? { max_lifetime: null } : {}),
    types: {
      // Sequence and acceptance numbers stay far below 2^53; a larger one would be a broken row.
      bigint: {
        to: INT8,
        from: [INT8],
        serialize: (value: number) => String(value),
        parse: safeInteger,
      },
    },
  });
}

/** What postgres.js hands its socket factory: the hosts of the URL, tried in turn. */
interface Hosts {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

let turn = 0;

function watched({ host, port, path }: Hosts) {
  const index = turn % host.length;
  turn += 1;
  const address = { host: host[index] ?? "localhost", port: port[index] ?? 5432 };
  const unix = typeof path === "string" && path !== "" ? path : null;
  return watchedSocket({ ...address, path: unix }, SILENCE_MS);
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${text}`);
  return value;
}

/** Codes of postgres.js and Node for a request that never reached a server. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CONNECT_TIMEOUT",
  "CONNECTION_ENDED",
]);
/** Codes after which a statement may have been committed or not. */
const UNKNOWN = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);
/**
 * The server rolled the statement back, or never ran it, for a reason that passes: classes of SQLSTATE.
 * Among them a server that takes no writes now (a standby, a provider's read-only guard) and one that
 * does not let us in (a password being changed, a restore under way).
 */
const PASSING = /^(25006|28...|3D000|40001|40P01|53...|55P03|57014|57P03|58...|08001|08004)$/;
/** The server went away while it worked on it; 08P01 is how PgBouncer says that, among other things. */
const TAKEN_AWAY = /^(57P01|57P02|57P05|08003|08006|08007|08P01)$/;
/** Our own code, of `fillstream_commit`. */
const NEVER_ACCEPTED = "FS001";
/** Rights, tables, columns and functions that are not there, or not any more. */
const NOT_SET_UP = /^42(501|P01|703|883)$/;
export const UNIQUE_VIOLATION = "23505";

export function errorCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** Runs something that only reads, or that may safely run twice. */
export async function reading<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error: unknown) {
    throw asFault(error, "safe");
  }
}

/** Runs a transaction of one statement: a lost answer leaves its outcome unknown. */
export async function writing<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error: unknown) {
    throw asFault(error, "unknown");
  }
}

/**
 * Runs the engine's commit. Its statement is the same for every input, so what the server says of rights
 * and functions (a restored role, a migration ahead of this release) is no input's fault.
 */
export async function committing<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  try {
    return await whenSetUp(() => writing(work));
  } catch (error: unknown) {
    if (errorCode(error) !== NEVER_ACCEPTED) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new NeverAccepted(message, { cause: error });
  }
}

/** Runs what the engine reads of a book: what the server says of rights is not the book's fault either. */
export function loading<Result>(work: () => PromiseLike<Result>): Promise<Result> {
  return whenSetUp(() => reading(work));
}

async function whenSetUp<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error: unknown) {
    if (!NOT_SET_UP.test(errorCode(error) ?? "")) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new StoreUnavailable(message, { cause: error });
  }
}

function asFault(error: unknown, whenLost: "safe" | "unknown"): unknown {
  const code = errorCode(error);
  if (code === null) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (NEVER_SENT.has(code) || PASSING.test(code))
    return new StoreUnavailable(message, { cause: error });
  if (!UNKNOWN.has(code) && !TAKEN_AWAY.test(code)) return error;
  return whenLost === "safe"
    ? new StoreUnavailable(message, { cause: error })
    : new CommitUnknown(message, { cause: error });
}
