// Who is in a group that a flow names, as far as the page can tell from outside.
import { load } from 'js-yaml';
import type { GitHub } from '../github/github.ts';
import type { RepositoryRow } from '../github/rows.ts';
import type { Sandbox } from '../server.ts';
import { persons } from './persons.ts';

/** Logins, for orientation: the app asks anew, and knows more kinds. */
export function membersOf(sandbox: Sandbox, group: string): string[] {
  const { github, desk } = sandbox;
  const [kind = '', id = ''] = group.split(/:(.*)/s);
  switch (kind) {
    case 'team':
      return membersOfTeam(github, desk, id);
    case 'person':
      return [loginOf(sandbox, id)];
    case 'manager': {
      const manager = peopleOf(github, desk).get(id)?.manager;
      return manager === undefined ? [] : [loginOf(sandbox, manager)];
    }
    case 'guest':
      return guestsOf(sandbox, id);
    case 'codeowners':
      return ownersOf(github, id).flatMap((owner) =>
        owner.includes('/') ? membersOfTeam(github, desk, owner) : [owner],
      );
    default:
      return [];
  }
}

function membersOfTeam(github: GitHub, desk: RepositoryRow, id: string): string[] {
  const team = github.state.teams.in(desk.owner_id).find(({ slug }) => id.endsWith(`/${slug}`));
  return (team ? github.state.teamMembers.in(team.id) : [])
    .filter(({ state }) => state === 'active')
    .map(({ user_id }) => github.accountById(user_id).login);
}

/** By the last line that names a folder around it; no other pattern is understood here. */
function ownersOf(github: GitHub, id: string): string[] {
  const [owner = '', name = '', ...path] = id.split('/');
  const fullName = `${owner}/${name}`;
  const repository = github.state.repositories.find((row) => github.fullName(row) === fullName);
  const text = repository ? fileOf(github, repository, '.github/CODEOWNERS')?.text : undefined;
  const lines = (text ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  const last = lines.findLast(
    ([pattern = '']) => `/${path.join('/')}/`.startsWith(pattern) && pattern !== '',
  );
  return (last ?? []).slice(1).map((each) => each.replace(/^@/, ''));
}

/** Of a person by their key in `people.yml`; who is on Slack alone is called there as they are on the page. */
export function loginOf({ github, desk }: Sandbox, person: string): string {
  return peopleOf(github, desk).get(person)?.login ?? person;
}

/** By account and workspace, as `countersign.yml` declares them. */
function guestsOf(sandbox: Sandbox, name: string): string[] {
  const text = fileOf(sandbox.github, sandbox.desk, 'flows/countersign.yml')?.text ?? '';
  const declared = record(record(readYaml(text)['guests'])[name]);
  const users = texts(declared['slack_users']);
  const workspaces = texts(declared['slack_workspaces']);
  return persons(sandbox, sandbox.desk)
    .filter(({ slack }) => {
      const user = sandbox.slack?.state.users.get(slack ?? '');
      return user !== undefined && (users.includes(user.id) || workspaces.includes(user.team_id));
    })
    .map(({ login }) => login);
}

interface Known {
  readonly login: string;
  readonly manager?: string;
}

/** `people.yml`: whose account is whose. */
function peopleOf(github: GitHub, desk: RepositoryRow): ReadonlyMap<string, Known> {
  const file = fileOf(github, desk, 'flows/people.yml');
  if (!file) return new Map();
  const known = people.get(file.sha) ?? readPeople(file.text);
  people.set(file.sha, known);
  return known;
}

function fileOf(
  github: GitHub,
  repository: RepositoryRow,
  path: string,
): { readonly sha: string; readonly text: string } | undefined {
  const git = github.git(repository);
  const tree = git.commit(git.readRef(`refs/heads/${repository.default_branch}`) ?? '')?.tree;
  const entry = tree === undefined ? undefined : git.entryAt(tree, path);
  return entry && { sha: entry.sha, text: git.object(entry.sha)?.content.toString() ?? '' };
}

const people = new Map<string, ReadonlyMap<string, Known>>();

function readPeople(text: string): ReadonlyMap<string, Known> {
  return new Map(
    Object.entries(record(readYaml(text)['people'])).map(([key, person]) => {
      const { github, manager } = record(person);
      const login = String(record(github)['login'] ?? key);
      return [key, { login, ...(typeof manager === 'string' ? { manager } : {}) }];
    }),
  );
}

/** What cannot be read says nothing: the check of the pull request says why. */
function readYaml(text: string): Readonly<Record<string, unknown>> {
  try {
    return record(load(text));
  } catch {
    return {};
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
