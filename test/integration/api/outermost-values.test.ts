// What is well-formed and yet nothing that the record can hold is the caller's mistake, and said so: never
// a failure of ours.
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiUnderTest, BASE, type ApiUnderTest } from "../../support/api.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest({ allowPrivateWebhooks: true });
});
afterAll(() => api.drop());

const TOO_EARLY = ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"];
const TOO_LATE = ["9999-12-31T23:59:59-23:59"];
const LISTINGS = ["/orders", "/signals", "/portfolio/history"];

it.each(LISTINGS)("a period of %s lies where instants can", async (path) => {
  for (const name of ["from", "to"]) {
    for (const instant of [...TOO_EARLY, ...TOO_LATE]) {
      const query = new URLSearchParams({ [name]: instant }).toString();
      const { status, body } = await api.send("GET", `${BASE}${path}?${query}`);
      expect([instant, status, body["code"]]).toEqual([instant, 422, "invalid_request"]);
      expect(body["errors"]).toEqual([{ field: name, message: expect.any(String) as string }]);
    }
  }
  const whole = "from=1970-01-01T00:00:00Z&to=9999-12-31T23:59:59Z";
  expect((await api.send("GET", `${BASE}${path}?${whole}`)).status).toBe(200);
});

it("a key ends when there is such an instant", async () => {
  const key = { name: "for ever", role: "viewer" };
  const make = (end: string) => api.send("POST", `${BASE}/keys`, { ...key, expires_at: end });
  const { status, body } = await make("9999-12-31T23:59:59-23:59");
  expect([status, body["errors"]]).toEqual([
    422,
    [{ field: "expires_at", message: expect.stringContaining("9999") as string }],
  ]);
  expect((await make("9999-12-31T23:59:59Z")).status).toBe(201);
});

const cursorOf = (position: string) => Buffer.from(position).toString("base64url");

it("a cursor that no row can have is none of the listing", async () => {
  const history = (position: string) =>
    api.send("GET", `${BASE}/positions/AAPL/history?cursor=${cursorOf(position)}`);
  for (const position of ["999999999999999", "2147483648"]) {
    const { status, body } = await history(position);
    expect([status, body["detail"]]).toEqual([422, "cursor is not a cursor of this listing."]);
  }
  expect((await history("2147483647")).status).toBe(200);
  for (const path of ["/audit", "/limits/history"]) {
    const { status } = await api.send("GET", `${BASE}${path}?cursor=${cursorOf("9".repeat(15))}`);
    expect([path, status]).toEqual([path, 200]);
  }
});

it.each(["\u0000", "\n", "\u007f"])("a webhook's address holds no %j", async (odd) => {
  const url = `https://example.com/hook${odd}`;
  const { status, body } = await api.send("POST", `${BASE}/webhooks`, { name: "desk", url });
  expect([status, body["errors"]]).toEqual([
    422,
    [{ field: "url", message: expect.stringContaining("control") as string }],
  ]);
});
