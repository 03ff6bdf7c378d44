// What a code of PostgreSQL says of a write: it passes, nobody knows, or it is about what was written.
import { expect, test } from "vitest";
import { committing, loading, reading, writing } from "../../../src/db/client.ts";

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

/** The name of the fault; `Error` is the client's own, handed on as it came. */
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof Error ? error.name : "not an error"),
  );

test.each([
  ["40001", "serialization"],
  ["40P01", "deadlock"],
  ["25006", "a standby, or a disk that the provider froze"],
  ["28P01", "a password that is being changed"],
  ["28000", "a user that may not connect"],
  ["3D000", "a database that is being restored"],
  ["53100", "a full disk"],
  ["57P03", "a server that starts"],
])("%s passes: %s", async (code) => {
  expect(await faultOf(writing(failing(code)))).toBe("StoreUnavailable");
  expect(await faultOf(committing(failing(code)))).toBe("StoreUnavailable");
  expect(await faultOf(reading(failing(code)))).toBe("StoreUnavailable");
});

test.each([
  ["57P01", "a server that is being stopped"],
  ["08P01", "a pooler whose server went away"],
  ["08006", "a connection that failed"],
  ["ECONNRESET", "a socket that broke"],
])("%s leaves a write unknown: %s", async (code) => {
  expect(await faultOf(writing(failing(code)))).toBe("CommitUnknown");
  expect(await faultOf(committing(failing(code)))).toBe("CommitUnknown");
  expect(await faultOf(reading(failing(code)))).toBe("StoreUnavailable");
});

test.each([
  ["22P05", "text that cannot be stored"],
  ["22P02", "JSON that cannot be stored"],
  ["23505", "a name that is taken"],
  ["23514", "a check"],
  ["54000", "a row that is too long"],
  ["P0001", "a function that refuses"],
])("%s is about what was written: %s", async (code) => {
  expect(await faultOf(writing(failing(code)))).toBe("Error");
  expect(await faultOf(committing(failing(code)))).toBe("Error");
});

test.each([
  ["42501", "rights that a restore left out"],
  ["42883", "a function of another release"],
  ["42P01", "a table of another release"],
  ["42703", "a column of another release"],
])("%s is no input's fault in the engine's commit: %s", async (code) => {
  expect(await faultOf(committing(failing(code)))).toBe("StoreUnavailable");
  expect(await faultOf(loading(failing(code)))).toBe("StoreUnavailable");
  expect(await faultOf(writing(failing(code)))).toBe("Error");
});
