// Chance that repeats: the same seed tells the same history.

export interface Random {
  /** From 0 up to and without 1. */
  next(): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  between(low: number, high: number): number;
  pick<const T>(choices: readonly [T, ...T[]]): T;
  pickSome<T>(choices: readonly T[]): T | undefined;
}

export function createRandom(seed: number): Random {
  let state = (seed * 2654435761 + 97) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  const at = (length: number): number => Math.floor(next() * length);
  return {
    next,
    oneIn: (n) => next() * n < 1,
    between: (low, high) => low + at(high - low + 1),
    pick: (choices) => choices[at(choices.length)] ?? choices[0],
    pickSome: (choices) => choices[at(choices.length)],
  };
}
