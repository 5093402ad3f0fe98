// What was once learned from GitHub and has to be known without it: a restart during an outage still takes access back.
import { Failure, type Store } from '../engine/ports.ts';

/** Asks anew each time; where there is no answer now, the last one holds. Never for secrets, nor for who may do what. */
export async function remembered(
  store: Pick<Store, 'bookmark' | 'setBookmark'>,
  name: string,
  ask: () => Promise<string>,
): Promise<string> {
  const before = await store.bookmark(name);
  try {
    const answer = await ask();
    if (answer !== before) await store.setBookmark(name, answer);
    return answer;
  } catch (error) {
    if (before === undefined || !(error instanceof Failure)) throw error;
    return before;
  }
}
