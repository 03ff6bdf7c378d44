// The log of every release so far reads back, and folds to the rows that it gave then.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyEvent } from "../../../src/domain/apply.ts";
import { createAccountBook, createBook } from "../../../src/domain/new-book.ts";
import { decodeEvent, encodeEvent, EVENT_TYPES } from "../../../src/db/event-codec.ts";
import { EVENT_VERSION } from "../../../src/domain/event.ts";
import { foldedRows } from "../../fixtures/log/folded-rows.ts";
import { ACCOUNTS } from "../../contract/store-cases/scene.ts";

interface Recorded {
  readonly version: number;
  readonly scenes: readonly {
    readonly name: string;
    readonly events: readonly {
      readonly type: string;
      readonly at: number;
      readonly payload: string;
    }[];
    readonly rows: ReturnType<typeof foldedRows>;
  }[];
}

const FOLDER = new URL("../../fixtures/log/", import.meta.url);
const recorded = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  // Our own file, written by record.ts.
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Recorded);

describe("a recorded log", () => {
  it("is there for every version of the events", () => {
    const versions = recorded.map(({ version }) => version).toSorted((one, other) => one - other);
    expect(versions).toEqual(Array.from({ length: EVENT_VERSION }, (_, index) => index + 1));
  });

  for (const { version, scenes } of recorded) {
    for (const { name, events, rows } of scenes) {
      it(`of version ${version} folds to the rows it gave then: ${name}`, () => {
        const [account] = ACCOUNTS;
        if (account === undefined) throw new Error("there are accounts");
        const book = createBook(0);
        book.accounts.set(account.id, createAccountBook(account));
        for (const { type, at, payload } of events) {
          const event = decodeEvent(type, version, payload);
          applyEvent(book, { accountId: account.id, at, event });
        }
        expect(foldedRows(book)).toEqual(rows);
      });
    }
  }

  it("of this version has every type of event", () => {
    const current = recorded.find(({ version }) => version === EVENT_VERSION);
    const types = new Set(current?.scenes.flatMap(({ events }) => events.map(({ type }) => type)));
    expect([...types].toSorted()).toEqual([...EVENT_TYPES].toSorted());
  });

  it("of this version is written as it was read", () => {
    const current = recorded.find(({ version }) => version === EVENT_VERSION);
    for (const { type, payload } of current?.scenes.flatMap(({ events }) => events) ?? []) {
      const again = encodeEvent(decodeEvent(type, EVENT_VERSION, payload));
      expect(JSON.parse(again)).toEqual(JSON.parse(payload));
    }
  });
});

describe("a payload that is not ours", () => {
  it("is refused with the field's path", () => {
    const payload = '{"type":"OrderHeld","orderId":"x","reason":"sleepy","until":null}';
    expect(() => decodeEvent("OrderHeld", 1, payload)).toThrow("OrderHeld.reason is not one of");
  });

  it("is refused when it is from a newer release", () => {
    expect(() => decodeEvent("OrderDreamt", 1, "{}")).toThrow("from a newer release");
    expect(() => decodeEvent("OrderCompleted", EVENT_VERSION + 1, "{}")).toThrow("newer release");
  });
});
