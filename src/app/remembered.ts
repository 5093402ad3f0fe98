// What was once learned from GitHub and has to be known without it: a restart during an outage still takes access back.
import type { Milliseconds } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Store } from '../engine/ports/store.ts';
import { withinTime } from '../engine/time-limit.ts';

const patience: Milliseconds = 10_000;

/** Asks anew each time; where there is no answer now, the last one holds. Never for secrets, nor for who may do what. */
export async function remembered(
  { store, clock }: { readonly store: Pick<Store, 'bookmark' | 'setBookmark'>; readonly clock: Clock },
  name: string,
  ask: () => Promise<string>,
): Promise<string> {
  const before = await store.bookmark(name);
  try {
    // Without an answer from before there is nothing to fall back on: then it is waited for.
    const answer =
      before === undefined ? await ask() : await withinTime({ clock, ms: patience, who: 'GitHub' }, ask);
    if (answer !== before) await store.setBookmark(name, answer);
    return answer;
  } catch (error) {
    if (before === undefined || !(error instanceof Failure)) throw error;
    return before;
  }
}
