// Questions to instants that are in order.

/** How many of the ascending instants lie after `instant`, by halving. */
export function countAfter(instants: readonly number[], instant: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? Number.POSITIVE_INFINITY) > instant) high = middle;
    else low = middle + 1;
  }
  return instants.length - low;
}
