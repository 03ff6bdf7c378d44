// Loads one thing that is opened beside the tables, and again whenever the log says something about it: a
// few times a second at most, however much it says.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ask } from "../api/request.ts";
import { resource } from "./resource.ts";
import { tape } from "./tape.ts";

export interface Story<Value> {
  readonly value: Value | null;
  readonly failure: string | null;
  again(): void;
}

export function useStory<Value>(
  path: string,
  concerns: (orderId: string | null) => boolean,
): Story<Value> {
  const story = useMemo(() => resource(() => ask<Value>(path)), [path]);
  const newest = tape.value.find(({ order_id: id }) => concerns(id))?.id;
  const known = useRef(newest);
  useEffect(() => void story.refresh(), [story]);
  useEffect(() => {
    if (newest === known.current) return;
    known.current = newest;
    story.poke();
  }, [story, newest]);
  return {
    value: story.value.value,
    failure: story.failure.value,
    again: () => void story.refresh(),
  };
}
