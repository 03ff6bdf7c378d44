// A change under way: the button waits, and what came of it stands beside it in words.
import { useState } from "preact/hooks";
import { inWords, Refused, Unreachable } from "../api/request.ts";

export interface Outcome {
  readonly tone: "done" | "refused" | "unknown";
  readonly text: string;
}

export interface Action {
  readonly isRunning: boolean;
  readonly outcome: Outcome | null;
  run(work: () => Promise<string>): Promise<boolean>;
  clear(): void;
}

export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (work: () => Promise<string>): Promise<boolean> => {
    setRunning(true);
    setOutcome(null);
    try {
      setOutcome({ tone: "done", text: await work() });
      return true;
    } catch (error: unknown) {
      setOutcome({ tone: error instanceof Unreachable ? "unknown" : "refused", text: told(error) });
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { isRunning, outcome, run, clear: () => setOutcome(null) };
}

function told(error: unknown): string {
  if (error instanceof Unreachable) {
    return `${error.message} It is not known whether this was done: look before you repeat it.`;
  }
  if (error instanceof Refused && error.fields.length > 0) {
    const fields = error.fields.map(({ field, message }) => `${field} ${message}`);
    return [error.message, ...fields.filter((each) => !error.message.includes(each))].join(" · ");
  }
  return inWords(error);
}

export function OutcomeLine({ outcome }: { readonly outcome: Outcome | null }) {
  return (
    <p class={`outcome ${outcome === null ? "" : `outcome-${outcome.tone}`}`} role="status">
      {outcome?.text ?? ""}
    </p>
  );
}
