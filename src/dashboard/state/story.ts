// Loads one thing that is opened beside the tables, and again whenever the log says something about it.
import { useEffect, useState } from "preact/hooks";
import { ask, inWords } from "../api/request.ts";
import { tape } from "./tape.ts";

export interface Story<Value> {
  readonly value: Value | null;
  readonly failure: string | null;
  again(): void;
}

export function useStory<Value>(path: string, concerns: (orderId: string | null) => boolean) {
  const [value, setValue] = useState<Value | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [count, setCount] = useState(0);
  const again = (): void => setCount((old) => old + 1);
  const newest = tape.value.find(({ order_id: id }) => concerns(id))?.id;
  useEffect(() => {
    let isOver = false;
    ask<Value>(path)
      .then((found) => {
        if (isOver) return;
        setValue(found);
        setFailure(null);
      })
      .catch((error: unknown) => {
        if (!isOver) setFailure(inWords(error));
      });
    return () => {
      isOver = true;
    };
  }, [path, count, newest]);
  return { value, failure, again } satisfies Story<Value>;
}
