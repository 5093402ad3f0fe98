// What a desk knows of its people's accounts besides people.yml: domains it trusts, and matches that were made before and hold on.
import { createHash } from 'node:crypto';
import type { AccountSources } from '../clients/find-account.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskSettings } from '../desk/desk.ts';
import { identityKey } from '../domain/identities.ts';
import { hash, type DeskId, type Hash, type PersonId } from '../domain/names.ts';
import type { IdentityBook } from '../engine/identity-book.ts';

export interface KeptAccountsParts {
  readonly desks: Pick<Desks, 'desk'>;
  /** Absent where nothing is recorded, as at a terminal: then each is matched anew. */
  readonly book?: () => Pick<IdentityBook, 'of' | 'found'>;
}

export function createKeptAccounts({
  desks,
  book,
}: KeptAccountsParts): (desk: DeskId, person: PersonId) => Promise<AccountSources> {
  return async (desk, person) => {
    const { settings } = await desks.desk(desk);
    const trustedDomains = settings?.domains.linkByEmail ?? [];
    if (book === undefined) return { trustedDomains };
    const identities = await book().of(desk);
    return {
      trustedDomains,
      kept(service, email) {
        const known = identities.get(identityKey({ person, service }));
        return known?.basis === basisOf(service, email, settings) ? known?.account : undefined;
      },
      found: (service, email, account) =>
        book().found(desk, { person, service, account, basis: basisOf(service, email, settings) }),
    };
  };
}

/**
 * Somebody new of the same name has another address, and another tenant other accounts by the same numbers: then a match
 * that was made before says nothing. Where a secret lies is no part of it.
 */
function basisOf(service: string, email: string, settings: DeskSettings | undefined): Hash {
  const name = service.slice(service.indexOf('@') + 1);
  const integration = service.includes('@') ? settings?.integrations.get(name)?.settings : undefined;
  const text = JSON.stringify([email.toLowerCase(), integration ?? null], (_, value: unknown) => {
    if (typeof value === 'string' && value.includes('${{ secrets.')) return undefined;
    return isMap(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  });
  return hash(createHash('sha256').update(text).digest('hex'));
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
