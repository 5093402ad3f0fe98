// `codeowners:acme/app/db/migrations`: whoever GitHub would ask to review a change of that file or folder.
import type { Octokit } from '@octokit/rest';
import { findAccount, type GitHubAccount } from '../clients/github/account.ts';
import { codeOwnersPaths, parseCodeOwners, type CodeOwners } from '../clients/github/code-owners.ts';
import { isNotFound } from '../clients/github/failure.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import type { Unknown } from '../domain/facts.ts';
import { group } from '../domain/names.ts';
import type { GroupKind, GroupQuestion } from './group-kind.ts';

/** Everything is asked anew for each decision: the file's owners, and who they are, as they are now. */
export function codeOwnersGroup({
  github,
}: {
  readonly github: Pick<GitHubApp, 'forRepository'>;
}): GroupKind {
  return {
    kind: 'codeowners',
    async belongs(question) {
      const { person, id, signal } = question;
      const [owner = '', repo = '', ...parts] = id.split('/');
      const path = parts.join('/');
      if (person.github === undefined) return false;
      const octokit = (await github.forRepository(owner, repo)).at('read', { signal });
      const place = { octokit, owner, repo };
      const owners = await ownersOf(place, path);
      if ('unknown' in owners) return owners;
      const account = await findAccount(octokit, person.github.id);
      // Bots, and accounts that are no more, belong nowhere.
      if (account?.type !== 'User') return false;
      const isOwner = await isAmong(owners.names, account, question);
      return isOwner === true ? mayWrite(place, account) : isOwner;
    },
  };
}

interface Place {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
}

async function ownersOf(
  place: Place,
  path: string,
): Promise<{ readonly names: readonly string[] } | Unknown> {
  const [found, file] = await Promise.all([read(place, path), codeOwnersFile(place)]);
  const repository = `${place.owner}/${place.repo}`;
  if (file === undefined)
    return { unknown: `${repository} has no CODEOWNERS file, or the app may not see it.` };
  if ('unknown' in file) return file;
  if (found === undefined) return { unknown: `There is no ${path} in ${repository}.` };
  // A folder is owned as a new file in it would be: the rule `/db/` names what is below, and not the folder.
  return { names: file.of(found.isFolder ? `${path}/${newFile}` : path) };
}

/** No pattern for names, such as `*.sql`, is meant to match it. */
const newFile = 'countersign-new-file';

async function codeOwnersFile(place: Place): Promise<CodeOwners | Unknown | undefined> {
  for (const path of codeOwnersPaths) {
    const found = await read(place, path);
    if (found === undefined) continue;
    if (found.text === undefined) return { unknown: `${path} of ${place.owner}/${place.repo} is too large.` };
    return parseCodeOwners(found.text);
  }
  return undefined;
}

interface Content {
  readonly isFolder: boolean;
  /** Absent for a folder, and where GitHub sends no content: over 1 MB. */
  readonly text?: string;
}

/** At the head of the default branch. */
async function read({ octokit, owner, repo }: Place, path: string): Promise<Content | undefined> {
  try {
    const { data } = await octokit.rest.repos.getContent({ owner, repo, path });
    if (Array.isArray(data)) return { isFolder: true };
    const isWhole = 'content' in data && 'encoding' in data && data.encoding === 'base64';
    return isWhole
      ? { isFolder: false, text: Buffer.from(data.content, 'base64').toString('utf8') }
      : { isFolder: false };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** One that cannot be looked up leaves open whether they belong, unless they do by another. */
async function isAmong(
  names: readonly string[],
  account: GitHubAccount,
  { person, ask }: GroupQuestion,
): Promise<boolean | Unknown> {
  const answers = await Promise.all(
    names.map(async (name) => {
      if (!name.startsWith('@')) return name.toLowerCase() === person.email?.toLowerCase();
      if (name.includes('/')) return ask(group(`team:${name.slice(1)}`));
      return name.slice(1).toLowerCase() === account.login.toLowerCase();
    }),
  );
  if (answers.includes(true)) return true;
  return answers.find((answer) => typeof answer === 'object') ?? false;
}

/** As for GitHub's own reviews: an owner who may not write there is none. */
async function mayWrite({ octokit, owner, repo }: Place, { login }: GitHubAccount): Promise<boolean> {
  const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login });
  return data.permission === 'admin' || data.permission === 'write';
}
