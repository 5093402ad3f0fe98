// What real clients and doubles take from the machine, as a history needs it: chance that repeats, and signing that takes no time.
import type { VirtualClock } from '../virtual-clock.ts';
import { createRandom, type Random } from './random.ts';

/** Until what it gives is called: two histories that overlap would take it from each other. */
export function foresee({
  random,
  clock,
}: {
  readonly random: Random;
  readonly clock: VirtualClock;
}): () => void {
  const { random: byChance } = Math;
  // How long a client waits before it tries again, for one. Whatever else is drawn here changes nothing in the town.
  Math.random = createRandom(random.between(1, 1e9)).next;
  const { subtle } = globalThis.crypto;
  const signing = ['importKey', 'sign'] as const;
  // It is done in a thread of its own, while nothing here seems to be going on.
  for (const name of signing) {
    const real = Reflect.get(subtle, name);
    const value = (...given: unknown[]): unknown =>
      clock.during(() => Promise.resolve(Reflect.apply(real, subtle, given)));
    Object.defineProperty(subtle, name, { configurable: true, value });
  }
  return () => {
    Math.random = byChance;
    for (const name of signing) Reflect.deleteProperty(subtle, name);
  };
}
