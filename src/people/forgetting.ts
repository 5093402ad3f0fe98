// Lets go of an account in a service that was found by an e-mail address: an admin says so, and it is looked for anew.
import type { Speaker } from '../domain/entries.ts';
import type { Identity } from '../domain/identities.ts';
import { group, type DeskId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { IdentityBook } from '../engine/identity-book.ts';
import type { Directory } from '../engine/ports/directory.ts';

export type ServiceAccount = Pick<Identity, 'service' | 'account'>;

const admins = group('role:admin');

/** `okta:00u1a2b3c4`; undefined for an account on Slack, with or without its word. */
export function serviceAccountOf(named: string): ServiceAccount | undefined {
  const [, service, account] = /^([a-z][a-z0-9-]*(?:@[A-Za-z0-9_/-]+)?):(.+)$/.exec(named) ?? [];
  return service === undefined || account === undefined || service === 'slack'
    ? undefined
    : { service, account };
}

export function createForgetting({
  directory,
  identities,
}: {
  readonly directory: Pick<Directory, 'belongs'>;
  readonly identities: () => Pick<IdentityBook, 'forget'>;
}) {
  return async (
    desk: DeskId,
    by: Speaker,
    named: ServiceAccount,
  ): Promise<{ readonly forgotten: Identity } | { readonly refusal: Refusal }> => {
    const account = `${named.service}:${named.account}`;
    const isAdmin = by.person === null ? false : await directory.belongs(desk, by.person, admins);
    if (typeof isAdmin === 'object')
      return refuse({ code: 'lookup-failed', what: 'whether you are an admin', why: isAdmin.unknown });
    if (!isAdmin) return refuse({ code: 'may-not-forget', account });
    const forgotten = await identities().forget(desk, by, named);
    if (forgotten === 'frozen')
      return refuse({ code: 'desk-frozen', why: 'its ledger is not as it should be' });
    return forgotten === 'nothing' ? refuse({ code: 'nothing-to-forget', account }) : { forgotten };
  };
}

const refuse = (refusal: Refusal): { readonly refusal: Refusal } => ({ refusal });
