// Whom one can act as: each person once, with what they are on GitHub and on Slack.
import { atLeast, roleIn } from '../github/access.ts';
import type { GitHub } from '../github/github.ts';
import type { AccountRow, RepositoryRow } from '../github/rows.ts';
import type { Sandbox } from '../server.ts';
import type { UserRow } from '../slack/rows.ts';

export interface AccountView {
  readonly login: string;
  readonly name: string;
  readonly id: number;
  readonly isBot: boolean;
}

export interface PersonView extends Omit<AccountView, 'id'> {
  /** By login; who is on Slack alone, by the name there. */
  readonly login: string;
  /** The account's on GitHub; null for who is on Slack alone. */
  readonly id: number | null;
  /** Their user there; null for who is on GitHub alone. */
  readonly slack: string | null;
  /** "engineering, data", "organisation owner", "outsider", "guest of one channel". */
  readonly about: string;
  readonly mayRead: boolean;
  /** Who may not push proposes from a fork, and cannot merge. */
  readonly mayPush: boolean;
}

/** GitHub's people first, then those whom only Slack knows. */
export function persons({ github, slack }: Sandbox, desk: RepositoryRow): PersonView[] {
  const accounts = github.state.accounts.all().filter((row) => row.type === 'User' && row.login !== 'ghost');
  const users = (slack?.state.users.all() ?? []).filter((user) => !user.is_bot && !user.deleted);
  const userOf = (row: AccountRow): string | null => users.find((user) => isSame(row, user))?.id ?? null;
  const both = accounts.map((row) => personView(github, desk, row, userOf(row)));
  const known = new Set(both.map((person) => person.slack));
  return [...both, ...users.filter(({ id }) => !known.has(id)).map(onSlackAlone)];
}

/** The Slack user whom a person of the page is; undefined where they have none. */
export function slackUserOf(sandbox: Sandbox, login: string): UserRow | undefined {
  const { slack, github } = sandbox;
  const account = github.state.accounts.find((row) => row.login === login);
  return slack?.state.users.find((user) =>
    account ? isSame(account, user) && !user.is_bot : user.name === login && !user.is_bot,
  );
}

/** By their e-mail address, as people of one company are known in both. */
function isSame({ email }: AccountRow, user: UserRow): boolean {
  return email !== null && email === user.email;
}

function personView(github: GitHub, desk: RepositoryRow, row: AccountRow, slack: string | null): PersonView {
  const membership = github.state.organizationMembers.get(`${desk.owner_id}/${row.id}`);
  const teams = github.state.teams
    .in(desk.owner_id)
    .filter((team) => github.state.teamMembers.get(`${team.id}/${row.id}`)?.state === 'active')
    .map((team) => team.slug);
  const role = roleIn(github, desk, row);
  const parts = [...(membership?.role === 'admin' ? ['owner'] : []), ...teams];
  return {
    ...accountView(row),
    slack,
    about: membership?.state === 'active' ? parts.join(', ') || 'member' : 'outsider',
    mayRead: atLeast(role, 'read'),
    mayPush: atLeast(role, 'write'),
  };
}

function onSlackAlone(user: UserRow): PersonView {
  return {
    login: user.name,
    name: user.real_name,
    id: null,
    slack: user.id,
    isBot: false,
    about: user.is_ultra_restricted
      ? 'guest of one channel'
      : user.is_restricted
        ? 'guest of some channels'
        : 'customer, on Slack',
    mayRead: false,
    mayPush: false,
  };
}

export function accountView(row: AccountRow): AccountView {
  return { login: row.login, name: row.name ?? row.login, id: row.id, isBot: row.type === 'Bot' };
}
