// Lets those with the same key through one by one, in the order they came; others do not wait for them.

export interface Turnstile {
  pass<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurnstile(): Turnstile {
  const last = new Map<string, Promise<void>>();
  return {
    async pass(key, work) {
      const before = last.get(key);
      let done = (): void => undefined;
      const mine = new Promise<void>((resolve) => (done = resolve));
      last.set(key, mine);
      try {
        await before;
        return await work();
      } finally {
        done();
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
