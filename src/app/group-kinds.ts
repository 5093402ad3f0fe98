// Every kind of group that is looked up: whoever decides asks these, and so does whoever only shows who is what.
import type { GitHubApp } from '../clients/github/github-app.ts';
import { codeOwnersGroup } from '../people/code-owners.ts';
import { githubTeamGroup } from '../people/github-team.ts';
import type { GroupKind } from '../people/group-kind.ts';
import { guestGroup } from '../people/guest.ts';
import { personGroup } from '../people/person.ts';
import { roleGroup } from '../people/role.ts';
import { managerGroup } from '../people/superior.ts';
import { serviceGroups } from '../people/vendor-groups.ts';
import type { SlackHalf } from './slack-half.ts';

export function groupKinds({
  github,
  slack,
}: {
  readonly github: GitHubApp;
  /** Absent where Slack is not set up. */
  readonly slack?: Pick<SlackHalf, 'lookups' | 'groups'>;
}): readonly GroupKind[] {
  return [
    ...[personGroup, roleGroup, managerGroup, githubTeamGroup({ github }), codeOwnersGroup({ github })],
    ...serviceGroups,
    ...[guestGroup({ ...(slack && { slack: slack.lookups }) }), ...(slack?.groups ?? [])],
  ];
}
