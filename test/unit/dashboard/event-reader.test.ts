import fc from "fast-check";
import { expect, test } from "vitest";
import { EventReader } from "../../../src/dashboard/api/event-reader.ts";

const STREAM =
  'retry: 1000\nid: 3.7\nevent: hello\ndata: {"cursor":"3.7"}\n\n: \n\n' +
  'event: position\ndata: {"symbol":"AAPL"}\n\nid: 3.8\nevent: order\ndata: one\ndata: two\n\n';

const EVENTS = [
  { id: "3.7", name: "hello", data: '{"cursor":"3.7"}' },
  { id: null, name: "position", data: '{"symbol":"AAPL"}' },
  { id: "3.8", name: "order", data: "one\ntwo" },
];

test("events are read with their ids; heartbeats are none", () => {
  expect(new EventReader().read(STREAM)).toEqual(EVENTS);
});

test("however the stream is cut, the same events come out", () => {
  const cuts = fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (places) => {
      const reader = new EventReader();
      const ends = [...places.toSorted((one, other) => one - other), STREAM.length];
      const found = ends.flatMap((end, index) =>
        reader.read(STREAM.slice(ends[index - 1] ?? 0, end)),
      );
      expect(found).toEqual(EVENTS);
    }),
  );
});

test("an event that is not complete waits for its end", () => {
  const reader = new EventReader();
  expect(reader.read("event: order\ndata: half")).toEqual([]);
  expect(reader.read(" of it\n\n")).toEqual([{ id: null, name: "order", data: "half of it" }]);
});
