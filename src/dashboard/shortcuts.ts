// Keys for those who keep the page open all day; none of them changes anything by itself.
import { useEffect } from "preact/hooks";
import { closePlace, go, place } from "./state/place.ts";

const KEYS: Readonly<Record<string, () => void>> = {
  n: () => go("ticket"),
  h: () => go("health"),
  "/": () => document.getElementById("order-symbol")?.focus(),
};

export function useShortcuts(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      // A question that is open comes first, and has its own Escape.
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.key === "Escape" && place.peek() !== null) return closePlace();
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const act = KEYS[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea");
}
