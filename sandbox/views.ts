// What anybody may look at: what the targets really hold, and the ledger branch commit by commit.
import type { Commit } from './github/git/codec.ts';
import type { GitHub } from './github/github.ts';
import { verificationOf } from './github/git/signing.ts';
import { toTimestamp } from './github/github.ts';
import type { Role } from './github/rows.ts';
import type { VaultGrantRow } from './github/state.ts';
import { repositoryNamed } from './driver.ts';

export interface Holdings {
  /** Team slug to the logins of its active members. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  /** Repository name to the direct collaborators and their role. */
  readonly collaborators: Readonly<Record<string, Readonly<Record<string, Role>>>>;
  readonly invitations: ReadonlyArray<{
    readonly repository: string;
    readonly login: string;
    readonly role: Role;
  }>;
  /** Who to what the vault keeps for them. */
  readonly vault: Readonly<Record<string, unknown>>;
}

export function holdings(github: GitHub): Holdings {
  const { state } = github;
  const login = (id: number): string => github.accountById(id).login;
  return {
    teams: Object.fromEntries(
      state.teams.all().map((team) => [
        team.slug,
        state.teamMembers
          .in(team.id)
          .filter((row) => row.state === 'active')
          .map((row) => login(row.user_id))
          .sort(),
      ]),
    ),
    collaborators: Object.fromEntries(
      state.repositories
        .all()
        .map((repository) => [
          github.fullName(repository),
          Object.fromEntries(
            state.collaborators.in(repository.id).map((row) => [login(row.user_id), row.role]),
          ),
        ]),
    ),
    invitations: state.invitations.all().map((row) => ({
      repository: github.fullName(github.repositoryById(row.repository_id)),
      login: login(row.invitee_id),
      role: row.role,
    })),
    vault: Object.fromEntries(state.vaultGrants.all().map((row: VaultGrantRow) => [row.subject, row.body])),
  };
}

export interface LedgerCommit {
  readonly sha: string;
  readonly message: string;
  readonly author: string;
  readonly at: string;
  readonly verified: boolean;
  /** The lines this commit added, file by file. */
  readonly added: ReadonlyArray<{ readonly path: string; readonly lines: readonly string[] }>;
}

/** A commit never changes: what was read of it once is kept as long as the commit itself. */
const seen = new WeakMap<Commit, LedgerCommit>();

/** Newest first; empty when the branch does not exist. */
export function ledgerLog(
  github: GitHub,
  repository: string,
  branch: string,
  most = Number.POSITIVE_INFINITY,
): LedgerCommit[] {
  const row = repositoryNamed(github, repository);
  const git = github.git(row);
  const head = git.readRef(`refs/heads/${branch}`);
  const commits: LedgerCommit[] = [];
  if (!head) return commits;
  const text = (tree: string | undefined, path: string): string => {
    const entry = tree ? git.entryAt(tree, path) : undefined;
    return entry ? (git.object(entry.sha)?.content.toString() ?? '') : '';
  };
  for (const commit of git.history(head)) {
    if (commits.length >= most) break;
    const known = seen.get(commit);
    if (known) {
      commits.push(known);
      continue;
    }
    const parent = commit.parents[0] ? git.commit(commit.parents[0]) : undefined;
    const changed = git.changedByCommit(commit);
    const view: LedgerCommit = {
      sha: commit.sha,
      message: commit.message,
      author: commit.author.name,
      at: toTimestamp(commit.committer.date),
      verified: verificationOf(github, commit) === 'valid',
      added: [...changed.added, ...changed.modified].map((path) => ({
        path,
        lines: addedLines(text(parent?.tree, path), text(commit.tree, path)),
      })),
    };
    seen.set(commit, view);
    commits.push(view);
  }
  return commits;
}

function addedLines(before: string, after: string): string[] {
  const rest = after.startsWith(before) ? after.slice(before.length) : after;
  return rest.split('\n').filter((line) => line !== '');
}
