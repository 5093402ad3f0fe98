// Whose account in a service somebody's was found to be, in each desk: recorded in its stream, and kept beside it for who asks next.
import type { Speaker } from '../domain/entries.ts';
import {
  identitiesAfter,
  identityKey,
  noIdentities,
  type FoundIdentity,
  type Identities,
  type Identity,
} from '../domain/identities.ts';
import type { DeskId } from '../domain/names.ts';
import { createDeskWriter, startOfDay, type DeskWriterParts } from './desk-writer.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';

export interface IdentityBook {
  /** As it is now. */
  of(desk: DeskId): Promise<Identities>;
  /** Never throws, and keeps no decision back: what cannot be recorded now is found and recorded another time. */
  found(desk: DeskId, identity: FoundIdentity): Promise<void>;
  /** From now on it is matched anew. `frozen`: nothing can be recorded at the moment. */
  forget(
    desk: DeskId,
    by: Speaker,
    named: Pick<Identity, 'service' | 'account'>,
  ): Promise<Identity | 'nothing' | 'frozen'>;
}

/** In one day and desk. Only whom people.yml names is looked for: what is over that is found again tomorrow. */
const maxPerDay = 1000;

export function createIdentityBook(
  parts: DeskWriterParts & { readonly log: Log; readonly recorded: (desk: DeskId) => void },
): IdentityBook {
  const { store, log } = parts;
  const writer = createDeskWriter(parts);
  const read = identitiesIn(store);

  async function record(desk: DeskId, identity: FoundIdentity): Promise<void> {
    // While the ledger cannot be trusted nobody becomes anybody.
    if ((await store.cursor(desk))?.diverged !== undefined) return;
    const said = await writer.write(desk, async (past, now) => {
      const identities = await read(desk);
      const known = identities.get(identityKey(identity));
      const isKnown = known?.account === identity.account && known.basis === identity.basis;
      const today = past(startOfDay(now)).filter(({ type }) => type === 'identity-found');
      if (isKnown || today.length >= maxPerDay) return { entries: [] };
      const { person, service, account, basis } = identity;
      return {
        entries: [
          { type: 'identity-found', by: { system: 'finder' }, data: { person, service, account, basis } },
        ],
        bookmark: (entries) => markOf(desk, entries.reduce(identitiesAfter, identities)),
      };
    });
    if (said === 'written') parts.recorded(desk);
  }

  return {
    of: read,
    async found(desk, identity) {
      try {
        await record(desk, identity);
      } catch (error) {
        log.warn('An account that was found could not be recorded', {
          desk,
          service: identity.service,
          error: error instanceof Error ? error.message : 'unknown',
        });
      }
    },
    async forget(desk, by, { service, account }) {
      let found: Identity | undefined;
      const said = await writer.write(desk, async () => {
        const identities = await read(desk);
        found = [...identities.values()].find(
          // What was found after this was said is not meant by it: a comment may be heard again much later.
          (each) =>
            each.service === service && each.account === account && (by.at === undefined || each.at <= by.at),
        );
        if (found === undefined) return { entries: [] };
        const data = { person: found.person, service, account };
        return {
          entries: [{ type: 'identity-forgotten', by, data }],
          bookmark: (entries) => markOf(desk, entries.reduce(identitiesAfter, identities)),
        };
      });
      if (said === 'broken') return 'frozen';
      if (said === 'written') parts.recorded(desk);
      return found ?? 'nothing';
    },
  };
}

/** Reads them; a text is read once. */
export function identitiesIn(store: Pick<Store, 'bookmark'>): (desk: DeskId) => Promise<Identities> {
  const known = new Map<DeskId, { readonly text: string; readonly identities: Identities }>();
  return async (desk) => {
    const text = (await store.bookmark(identitiesBookmark(desk))) ?? '';
    const before = known.get(desk);
    if (before?.text === text) return before.identities;
    const identities = readIdentities(text);
    known.set(desk, { text, identities });
    return identities;
  };
}

export function identitiesBookmark(desk: DeskId): string {
  return `identities ${desk}`;
}

export function printIdentities(identities: Identities): string {
  return JSON.stringify([...identities.values()]);
}

function markOf(desk: DeskId, identities: Identities): { readonly name: string; readonly value: string } {
  return { name: identitiesBookmark(desk), value: printIdentities(identities) };
}

/** Ours, as it was written. */
function readIdentities(text: string): Identities {
  if (text === '') return noIdentities;
  const read: readonly Identity[] = JSON.parse(text);
  return new Map(read.map((each) => [identityKey(each), each]));
}
