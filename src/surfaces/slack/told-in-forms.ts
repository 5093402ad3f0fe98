// Whether somebody has read in the form that they sent why it was refused: then it is not said to them again.
import type { Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';

export interface ToldInForms {
  /** A form was sent, and whoever sent it still sees it. `ref` is the signed id of what was sent. */
  expect(ref: string): void;
  /** What became of it stands in the form. */
  note(ref: string): void;
  /** Waits until it does, as long as Slack waits for the form to be answered. */
  within(ref: string): Promise<boolean>;
}

/** Slack gives three seconds; what was not said by then is said in a message. */
const waitMs: Milliseconds = 3_000;
const mostKept = 1_000;

export function createToldInForms({ sleep }: Pick<Clock, 'sleep'>): ToldInForms {
  const told = new Set<string>();
  const expected = new Set<string>();
  const waiting = new Map<string, () => void>();

  function keep(set: Set<string>, ref: string): void {
    set.add(ref);
    const [oldest] = set;
    if (set.size > mostKept && oldest !== undefined) set.delete(oldest);
  }

  return {
    expect: (ref) => keep(expected, ref),
    note(ref) {
      keep(told, ref);
      waiting.get(ref)?.();
    },
    async within(ref) {
      if (told.has(ref)) return true;
      if (!expected.has(ref)) return false;
      const enough = new AbortController();
      waiting.set(ref, () => enough.abort());
      await sleep(waitMs, enough.signal);
      waiting.delete(ref);
      return told.has(ref);
    },
  };
}
