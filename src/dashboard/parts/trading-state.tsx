// Whether trading is allowed, and the buttons that change it: stop at once, or less, or go on.
import { useState } from "preact/hooks";
import { STATE_WORDS } from "../format/words.ts";
import { mayAct, tradingState } from "../state/house.ts";
import { ResumeDialog } from "./resume-dialog.tsx";
import type { Strictness } from "../state/strictness.ts";
import { StopDialog } from "./stop-dialog.tsx";

type Asking = Strictness | "resume" | null;

export function TradingStateControl() {
  const [asking, ask] = useState<Asking>(null);
  const state = tradingState.value;
  const words = state === null ? null : STATE_WORDS[state];
  const isStricter = state !== null && state !== "active";
  return (
    <div class="trading" data-state={state ?? "unknown"}>
      <span class={`state state-${state ?? "unknown"}`} title={words?.means ?? ""}>
        <span class="mark">{words?.mark ?? "○"}</span> {words?.name ?? "Unknown"}
      </span>
      {mayAct("trader") && (
        <>
          <button type="button" class="button stop" onClick={() => ask("stop")}>
            Stop
          </button>
          {state === "active" && (
            <button type="button" class="button" onClick={() => ask("reduce")}>
              Reduce
            </button>
          )}
          {state !== "halted" && (
            <button type="button" class="button" onClick={() => ask("freeze")}>
              Freeze
            </button>
          )}
        </>
      )}
      {isStricter && mayAct("admin") && (
        <button type="button" class="button" onClick={() => ask("resume")}>
          Resume
        </button>
      )}
      {asking === "resume" && <ResumeDialog onClose={() => ask(null)} />}
      {asking !== null && asking !== "resume" && (
        <StopDialog strictness={asking} onClose={() => ask(null)} />
      )}
    </div>
  );
}
