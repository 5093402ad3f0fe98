// Who is in a group that a flow names, as far as the page can tell from outside.
import { load } from 'js-yaml';
import type { GitHub } from '../github/github.ts';
import type { RepositoryRow } from '../github/rows.ts';
import type { Sandbox } from '../server.ts';

/** Logins, for orientation: the app asks anew, and knows more kinds. */
export function membersOf({ github, desk }: Sandbox, group: string): string[] {
  const [kind = '', id = ''] = group.split(/:(.*)/s);
  switch (kind) {
    case 'team':
      return membersOfTeam(github, desk, id);
    case 'person':
      return [loginsOf(github, desk).get(id) ?? id];
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

/** `people.yml`: whose account is whose. */
function loginsOf(github: GitHub, desk: RepositoryRow): ReadonlyMap<string, string> {
  const file = fileOf(github, desk, 'flows/people.yml');
  if (!file) return new Map();
  const known = people.get(file.sha) ?? readLogins(file.text);
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

const people = new Map<string, ReadonlyMap<string, string>>();

function readLogins(text: string): ReadonlyMap<string, string> {
  try {
    return new Map(
      Object.entries(record(record(load(text))['people'])).map(([key, person]) => [
        key,
        String(record(record(person)['github'])['login'] ?? key),
      ]),
    );
  } catch {
    return new Map();
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
