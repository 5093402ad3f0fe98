// Which account in a service was found to be somebody's by e-mail: folded from the entries of a desk's own stream.
import type { DeskEntry } from './desk-entries.ts';
import type { Hash, Instant, PersonId } from './names.ts';

export interface Identity extends FoundIdentity {
  /** When it was recorded. */
  readonly at: Instant;
}

export interface FoundIdentity {
  readonly person: PersonId;
  /** `okta`, or `okta@NAME` by one integration. */
  readonly service: string;
  /** By its id there. */
  readonly account: string;
  /** What it was matched by: with another address or another integration it is matched anew. */
  readonly basis: Hash;
}

/** One for each person and service. */
export type Identities = ReadonlyMap<string, Identity>;

export const noIdentities: Identities = new Map();

export function identityKey({ person, service }: Pick<Identity, 'person' | 'service'>): string {
  return JSON.stringify([person, service]);
}

/** The identities after an entry of the stream, the same where it is about something else. */
export function identitiesAfter(identities: Identities, entry: DeskEntry): Identities {
  if (entry.type === 'identity-found')
    return new Map([...identities, [identityKey(entry.data), { ...entry.data, at: entry.at }] as const]);
  if (entry.type !== 'identity-forgotten') return identities;
  const forgotten = identityKey(entry.data);
  return new Map([...identities].filter(([key]) => key !== forgotten));
}
