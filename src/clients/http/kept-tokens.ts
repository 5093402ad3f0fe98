// Keeps the tokens that services give for credentials until shortly before they end: in memory, and nowhere else.
import { createHash } from 'node:crypto';
import { between, plus, type Instant, type Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';

export interface KeptTokens {
  /** The one that was given for these credentials and is still good, or a new one. */
  get(credentials: readonly string[], clock: Clock, ask: () => Promise<GivenToken>): Promise<string>;
  /** The service takes it no longer: the next `get` asks for another. */
  forget(credentials: readonly string[]): void;
}

export interface GivenToken {
  readonly token: string;
  readonly lastsMs: Milliseconds;
}

/** So that none ends on its way there. */
const marginMs = 60_000;

export function createKeptTokens(): KeptTokens {
  const kept = new Map<string, { readonly token: string; readonly until: Instant }>();
  return {
    async get(credentials, clock, ask) {
      const key = keyOf(credentials);
      const known = kept.get(key);
      if (known !== undefined && isBefore(clock.now(), known.until)) return known.token;
      const { token, lastsMs } = await ask();
      const now = clock.now();
      // Of credentials that are no longer used, nothing stays.
      for (const [each, { until }] of kept) if (!isBefore(now, until)) kept.delete(each);
      kept.set(key, { token, until: plus(now, lastsMs - marginMs) });
      return token;
    },
    forget: (credentials) => void kept.delete(keyOf(credentials)),
  };
}

function isBefore(now: Instant, until: Instant): boolean {
  return between(now, until) > 0;
}

/** Changed credentials get a token of their own. */
function keyOf(credentials: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(credentials)).digest('hex');
}
