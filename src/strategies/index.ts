// Every strategy of the product, one line each. The contract suite runs against all of them.
import { githubRepositoryRole } from './github-repository-role/github-repository-role.ts';
import { githubTeam } from './github-team/github-team.ts';
import { googleGroup } from './google-group/google-group.ts';
import { http } from './http/http.ts';
import { oktaGroupStrategy } from './okta-group/okta-group.ts';
import type { Strategy } from './strategy.ts';

export const strategies: readonly Strategy[] = [
  githubTeam,
  githubRepositoryRole,
  googleGroup,
  http,
  oktaGroupStrategy,
];
