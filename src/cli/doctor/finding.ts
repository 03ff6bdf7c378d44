// One thing that the doctor looked at.
export interface Finding {
  readonly topic: string;
  readonly state: "well" | "note" | "ill";
  /** What was found, and when it is ill, what to do. */
  readonly text: string;
}

export function well(topic: string, text: string): Finding {
  return { topic, state: "well", text };
}

export function note(topic: string, text: string): Finding {
  return { topic, state: "note", text };
}

export function ill(topic: string, text: string): Finding {
  return { topic, state: "ill", text };
}
