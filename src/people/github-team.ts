// `team:acme/data`: an active member of a GitHub team, or of a team below it.
import type { Octokit } from '@octokit/rest';
import type { Unknown } from '../domain/facts.ts';
import { findAccount } from '../clients/github/account.ts';
import { isNotFound } from '../clients/github/failure.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import type { GroupKind } from './group-kind.ts';

export function githubTeamGroup({
  github,
}: {
  readonly github: Pick<GitHubApp, 'forOrganization'>;
}): GroupKind {
  return {
    kind: 'team',
    async belongs({ person, id, signal }) {
      if (person.github === undefined) return false;
      const [org = '', team_slug = ''] = id.split('/');
      const octokit = (await github.forOrganization(org)).at('read', { signal });
      const account = await findAccount(octokit, person.github.id);
      // Bots, and accounts that are no more, belong nowhere.
      if (account?.type !== 'User') return false;
      return isActive(octokit, { org, team_slug, username: account.login });
    },
  };
}

type Place = { readonly org: string; readonly team_slug: string; readonly username: string };

/** A pending invitation is no membership. */
async function isActive(octokit: Octokit, place: Place): Promise<boolean | Unknown> {
  const { org, team_slug } = place;
  const membership = await orUndefined(octokit.rest.teams.getMembershipForUserInOrg(place));
  if (membership !== undefined) return membership.state === 'active';
  // GitHub gives one answer to “not in the team” and “no such team”.
  const team = await orUndefined(octokit.rest.teams.getByName({ org, team_slug }));
  if (team !== undefined) return false;
  return { unknown: `There is no team ${org}/${team_slug}, or the app may not see it.` };
}

async function orUndefined<T>(call: Promise<{ readonly data: T }>): Promise<T | undefined> {
  try {
    return (await call).data;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
