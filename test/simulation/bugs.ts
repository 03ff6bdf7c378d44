// Mistakes that can be planted one by one, to show that the auditor sees them.
export const BUGS = [
  "no fence",
  "no deduplication",
  "effect before intent",
  "no catch-up",
  "blind retry",
  "new reference on retry",
  "sweep off",
  "order not kept",
  "execution counted by id alone",
  "stop checked too early",
  "whole asked of every replacement",
] as const;
export type Bug = (typeof BUGS)[number];

export type Bugs = ReadonlySet<Bug>;
export const NO_BUGS: Bugs = new Set();
