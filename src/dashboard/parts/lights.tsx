// Connection lights: a shape and a word for each part of the way, with how long ago it was heard.
import { span } from "../format/time.ts";
import { lights, type Light } from "../state/lights.ts";
import { go } from "../state/place.ts";

export const LIGHT_MARKS = { good: "●", late: "◐", bad: "✕", unknown: "○" } as const;
export const LIGHT_WORDS = { good: "ok", late: "late", bad: "down", unknown: "not known" } as const;

export function Lights() {
  return (
    <button type="button" class="lights" onClick={() => go("health")}>
      <span class="unseen">Health: </span>
      {lights.value.map((light) => (
        <Lamp key={light.name} light={light} />
      ))}
    </button>
  );
}

function Lamp({ light }: { readonly light: Light }) {
  const { name, state, ageMs, detail } = light;
  return (
    <span class={`light light-${state}`} title={detail} data-light={name} data-state={state}>
      <span class="mark" aria-hidden="true">
        {LIGHT_MARKS[state]}
      </span>
      <span class="light-name">{name}</span>
      <span class="unseen"> {LIGHT_WORDS[state]}, </span>
      <span class="age">{ageMs === null ? "" : span(ageMs)}</span>
    </span>
  );
}
