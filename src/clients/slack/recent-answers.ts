// Look-ups that were answered a moment ago: asked once for those who ask together, and not again for a minute.
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { withinTime } from '../../engine/time-limit.ts';

/** What has changed since is known so much later. */
const believedFor: Milliseconds = 60_000;
const mostRemembered = 5000;
/** For all of a look-up, with its pages and its waiting. */
const patience: Milliseconds = 30_000;

/** A look-up by a key; the signal ends this caller's wait alone. */
export type LookUp<T> = (key: string, signal?: AbortSignal) => Promise<T>;

export function withRecentAnswers<T>(clock: Clock, find: (key: string) => Promise<T>): LookUp<T> {
  const kept = new Map<string, { readonly at: Instant; readonly answer: Promise<T> }>();

  function ask(key: string): Promise<T> {
    const entry = { at: clock.now(), answer: find(key) };
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept.keys();
    if (kept.size > mostRemembered && oldest !== undefined) kept.delete(oldest);
    // What failed is asked again by whoever comes next.
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  }

  return (key, signal) => {
    const known = kept.get(key);
    const isRecent = known !== undefined && Math.abs(between(known.at, clock.now())) < believedFor;
    const wait = { clock, ms: patience, who: 'Slack', ...(signal && { signal }) };
    return withinTime(wait, () => (isRecent ? known.answer : ask(key)));
  };
}
