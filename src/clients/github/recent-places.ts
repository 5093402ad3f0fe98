// Spares a call before each call: where a repository was found a moment ago is believed for cards and for the ledger.
import { between, type Instant, type Milliseconds } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { GitHubApp, InstalledRepository } from './github-app.ts';

export interface RecentPlaces extends GitHubApp {
  /** It was renamed, moved or changed hands: look anew. */
  forget(id: number): void;
}

/** Shorter than anybody needs to rename a repository and to put another in its place. Never for reading policy. */
const believedFor: Milliseconds = 20_000;

export function withRecentPlaces(github: GitHubApp, clock: Pick<Clock, 'now'>): RecentPlaces {
  const places = new Map<number, { readonly at: Instant; readonly found: Promise<InstalledRepository> }>();
  return {
    ...github,
    forRepositoryId(id) {
      const recent = places.get(id);
      const now = clock.now();
      if (recent && Math.abs(between(recent.at, now)) < believedFor) return recent.found;
      const found = github.forRepositoryId(id);
      places.set(id, { at: now, found });
      found.catch(() => places.delete(id));
      return found;
    },
    forget: (id) => void places.delete(id),
  };
}
