// Counts the calls of each app, method by method, and says when one is too many.
import type { Method } from './api/method.ts';
import type { AppRow } from './rows.ts';

const MINUTE_MS = 60_000;

export interface Rates {
  /** Whether the count leads to a no; it goes on in any case. */
  enforce(enforced: boolean): void;
  /** In how many seconds to come back; undefined where this call may go on. */
  charge(app: AppRow, method: Method, by: string): number | undefined;
}

export function createRates(now: () => Date, isEnforced: boolean): Rates {
  let enforced = isEnforced;
  const calls = new Map<string, readonly number[]>();
  const recent = (key: string, perMs: number, at: number): readonly number[] => {
    const kept = (calls.get(key) ?? []).filter((when) => when > at - perMs);
    calls.set(key, kept);
    return kept;
  };
  return {
    enforce: (isOn) => void (enforced = isOn),
    charge(app, { name, rate }, by) {
      const at = now().getTime();
      const windows = [
        { key: `${app.id} ${name} ${by}`, most: rate.calls, perMs: rate.perMs },
        ...(rate.inAllPerMinute === undefined
          ? []
          : [{ key: `${app.id} ${name}`, most: rate.inAllPerMinute, perMs: MINUTE_MS }]),
      ];
      const waits = windows.flatMap(({ key, most, perMs }) => {
        const known = recent(key, perMs, at);
        const [first = at] = known;
        return known.length < most ? [] : [first + perMs - at];
      });
      if (enforced && waits.length > 0) return Math.max(1, Math.ceil(Math.max(...waits) / 1000));
      for (const { key } of windows) calls.set(key, [...(calls.get(key) ?? []), at]);
      return undefined;
    },
  };
}
