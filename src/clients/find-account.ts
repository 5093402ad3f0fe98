// Whose account in a service a person's is: as people.yml says it, or as the flow's code answers, or by an e-mail address that is trusted.
import type { AskIdentity } from '../engine/ports/desk-code.ts';
import type { Service, FoundAccount, KnownPerson } from './ways-out.ts';

export interface AccountSources {
  /** The domains in which the same address proves the same person: `domains: { link_by_email }`. In small letters. */
  readonly trustedDomains: readonly string[];
  /** What the flow's code says, where it is asked: never kept, for it may say something else tomorrow. Throws `Failure`. */
  readonly answered?: AskIdentity;
  /** What was found by this address before, and is kept so that a change over there leads nobody else here. */
  readonly kept?: (key: string, email: string) => string | undefined;
  /** Told of each match by e-mail. */
  readonly found?: (key: string, email: string, account: string) => Promise<void>;
}

export async function findAccountIn(
  { email, accounts = {} }: KnownPerson,
  service: Service,
  { trustedDomains, answered, kept, found }: AccountSources,
): Promise<FoundAccount> {
  const { key, integration, match } = service;
  const keys = integration === undefined ? [key] : [`${key}@${integration}`, key];
  const [exact = key] = keys;
  const [written] = keys.flatMap((each) => accounts[each] ?? []);
  if (written !== undefined) return { account: written };
  const answer = await answered?.(key);
  if (typeof answer === 'object')
    return 'account' in answer ? answer : { missing: 'no-identity', why: answer.missing };
  const unmatched = whyNotByEmail(service, email, trustedDomains);
  if (match === undefined || email === undefined || unmatched !== undefined)
    return missing(service, unmatched ?? `${service.name} is not asked for e-mail addresses.`);
  // Only while the address is trusted: to stop trusting a domain takes back what it proved.
  const known = kept?.(exact, email);
  if (known !== undefined) return { account: known };
  const matched = await match(email);
  if (matched === undefined)
    return missing(
      service,
      `${service.name} has not exactly one active account with the e-mail address there.`,
    );
  await found?.(exact, email, matched);
  return { account: matched };
}

function whyNotByEmail(
  { match }: Service,
  email: string | undefined,
  trusted: readonly string[],
): string | undefined {
  if (match === undefined) return undefined;
  if (email === undefined) return 'It has no e-mail address for them either.';
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return trusted.includes(domain)
    ? undefined
    : 'The domain of the e-mail address there is not among `domains.link_by_email` of countersign.yml.';
}

function missing({ key, wants }: Service, why: string): FoundAccount {
  return {
    missing: 'no-identity',
    why: `people.yml has no \`accounts.${key}\` for this person. ${why} Add ${wants} there.`,
  };
}
