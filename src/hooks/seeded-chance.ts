// Chance that comes out the same for the same call, so that what code decides can be looked at again.

/** Numbers from 0 up to 1. Not for keys or anything else that has to be kept from others. */
export function seededChance(seed: string): () => number {
  let state: number | undefined;
  return () => {
    // Most code never asks.
    state = ((state ?? digest(seed)) + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a. */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
