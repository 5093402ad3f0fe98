// The two GitHub strategies over the embedded GitHub.
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject } from '../strategy.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { openWorld } from './subject-parts.ts';

const logins = new Map([
  ['ann', 'ann-o'],
  ['mallory', 'mallory-x'],
]);

export async function githubTeamSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { sandbox, wire, partsThrough, close } = await openWorld(around?.clock);
  const team = 'production-access';
  const { github, world } = sandbox;
  const rowOf = (person: string) => {
    const account = github.account(logins.get(person) ?? '');
    const row = github.state.teams.find(({ slug }) => slug === team);
    return github.state.teamMembers.get(`${row?.id}/${account?.id}`);
  };
  return {
    ...waysBy(partsThrough),
    ref: { type: 'github-team' },
    target: { organization: 'acme', team_slug: team, role: 'maintainer' },
    lesser: { organization: 'acme', team_slug: team },
    person: personId('ann'),
    outsider: personId('mallory'),
    readable: true,
    async holds(person = personId('ann')) {
      const row = rowOf(person);
      return row === undefined ? 'none' : row.state === 'pending' ? 'pending' : row.role;
    },
    async give(holding) {
      if (holding === 'member' || holding === 'maintainer') world.joinTeam(team, 'ann-o', holding);
      else if (rowOf('ann')) world.leaveTeam(team, 'ann-o');
    },
    async invite() {
      world.joinTeam(team, 'mallory-x');
    },
    trouble: wire.trouble,
    get writes() {
      return wire.writes;
    },
    close,
  };
}

export async function githubRepositoryRoleSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { sandbox, wire, partsThrough, close } = await openWorld(around?.clock);
  const repository = 'acme/app';
  const { github, world } = sandbox;
  const row = github.repository('acme', 'app');
  const idOf = (person: string) => github.account(logins.get(person) ?? '')?.id ?? 0;
  return {
    ...waysBy(partsThrough),
    ref: { type: 'github-repository-role' },
    target: { owner: 'acme', repository: 'app', role: 'admin' },
    lesser: { owner: 'acme', repository: 'app', role: 'maintain' },
    person: personId('ann'),
    outsider: personId('mallory'),
    readable: true,
    async holds(person = personId('ann')) {
      const id = idOf(person);
      const invited = github.state.invitations.in(row?.id ?? 0).some(({ invitee_id }) => invitee_id === id);
      return github.state.collaborators.get(`${row?.id}/${id}`)?.role ?? (invited ? 'pending' : 'none');
    },
    async give(holding) {
      if (holding === 'none') world.removeCollaborator('ann-o', repository);
      else if (holding === 'maintain' || holding === 'admin')
        world.addCollaborator('ann-o', holding, repository);
      else throw new Error(`Nobody gives ${holding} here.`);
    },
    async invite() {
      world.addCollaborator('mallory-x', 'write', repository);
    },
    trouble: wire.trouble,
    get writes() {
      return wire.writes;
    },
    close,
  };
}
