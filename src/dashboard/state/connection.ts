// Whether what the page shows is live. Three modes:
//   live     the stream is open and was heard lately;
//   polling  the stream is not to be had, and the API answers: everything is asked for again and again;
//   lost     nobody answers: what is shown is old, and says so.
import { computed, signal } from "@preact/signals";
import { now } from "./clock.ts";

export type Mode = "connecting" | "live" | "polling" | "lost";

const isStreaming = signal(false);
/** When the API last answered anything at all; null before the first answer. */
const answeredAt = signal<number | null>(null);
const isAnswering = signal(true);
export const lostSince = signal<number | null>(null);
export const lastEventId = signal<string | null>(null);

export const mode = computed<Mode>(() => {
  if (!isAnswering.value) return "lost";
  if (isStreaming.value) return "live";
  return answeredAt.value === null ? "connecting" : "polling";
});

export const isStale = computed(() => mode.value === "lost");

export const ageOfAnswerMs = computed(() =>
  answeredAt.value === null ? null : Math.max(0, now.value - answeredAt.value),
);

export function streamOpened(): void {
  isStreaming.value = true;
  answered();
}

export function streamEnded(): void {
  isStreaming.value = false;
}

export function answered(): void {
  answeredAt.value = now.peek();
  isAnswering.value = true;
  lostSince.value = null;
}

export function notAnswered(): void {
  isAnswering.value = false;
  isStreaming.value = false;
  lostSince.value ??= now.peek();
}
