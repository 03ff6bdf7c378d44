// One clock for all processes of a run: microseconds of the wall clock, as PostgreSQL stamps its commits.
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
