// An account on GitHub by its numeric id. Its login is looked up each time: logins are renamed, and taken by strangers.
import type { Octokit } from '@octokit/rest';
import { findAccount } from '../clients/github/account.ts';
import { demand, found } from '../clients/github/answer.ts';
import type { Identified, Person } from './strategy.ts';

export function githubAccount({ github }: Person): Identified {
  if (github === undefined)
    return { missing: 'no-identity', why: 'people.yml has no GitHub account for this person.' };
  return { account: `github:${github.id}` };
}

export function githubId(account: string): number {
  return Number(account.slice('github:'.length));
}

/** Undefined where GitHub shows no such account any more. */
export async function githubLogin(octokit: Octokit, account: string): Promise<string | undefined> {
  return (await demand('looking up the account', findAccount(octokit, githubId(account))))?.login;
}

export type Belonging = 'owner' | 'member' | 'invited' | 'outside';

export async function belonging(octokit: Octokit, org: string, username: string): Promise<Belonging> {
  const membership = await found(
    'reading the membership of the organisation',
    octokit.rest.orgs.getMembershipForUser({ org, username }),
  );
  if (membership === undefined) return 'outside';
  if (membership.state !== 'active') return 'invited';
  return membership.role === 'admin' ? 'owner' : 'member';
}

/** Adding anybody else only sends an invitation, which is not access. */
export async function organizationObstacle(
  octokit: Octokit,
  org: string,
  username: string | undefined,
): Promise<string | undefined> {
  if (username === undefined) return goneAccount;
  const belongs = await belonging(octokit, org, username);
  if (belongs === 'outside')
    return 'The account is not in the organisation: it has to join before it can be given this.';
  if (belongs === 'invited')
    return 'The account is not in the organisation yet: its invitation has not been accepted.';
  return undefined;
}

export const goneAccount = 'GitHub shows no account with that id any more.';
