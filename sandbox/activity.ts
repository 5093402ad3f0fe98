// Whether the app is doing something, as far as it can be seen from outside: calls under way, and how long ago the last one was.

export interface Activity {
  /** Calls of the app that have no answer yet. */
  readonly underWay: number;
  /** How long ago the last call was; Infinity before the first one. */
  readonly idleMs: number;
  began(): void;
  ended(): void;
  /** Resolves once nothing was under way for so long; `isBusy` may know of more. */
  quiet(ms: number, isBusy?: () => boolean): Promise<void>;
}

export function createActivity(): Activity {
  let underWay = 0;
  let last = -Infinity;
  const touched = (): void => void (last = performance.now());
  return {
    get underWay() {
      return underWay;
    },
    get idleMs() {
      return underWay > 0 ? 0 : performance.now() - last;
    },
    began() {
      underWay += 1;
      touched();
    },
    ended() {
      underWay -= 1;
      touched();
    },
    async quiet(ms, isBusy = () => false) {
      for (;;) {
        if (underWay > 0 || isBusy()) touched();
        const left = ms - (performance.now() - last);
        if (left <= 0) return;
        await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
      }
    },
  };
}
