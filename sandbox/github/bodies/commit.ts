// Commits as the Git API, the commits API and the push webhook show them.
import { ZERO_SHA } from '../git/repository.ts';
import type { Commit, Signature } from '../git/codec.ts';
import { verificationOf } from '../git/signing.ts';
import { toTimestamp } from '../github.ts';
import type { Actor, Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import type { AccountRow, RepositoryRow } from '../rows.ts';
import { simpleUser } from './account.ts';

const MOST_COMMITS_IN_A_PUSH = 2048;

export function gitCommit(github: GitHub, repository: RepositoryRow, commit: Commit): Body {
  const { links } = github;
  const fullName = github.fullName(repository);
  const page = (sha: string): string => html(links, `/${fullName}/commit/${sha}`);
  return {
    sha: commit.sha,
    node_id: nodeId('commit', repository.id, commit.sha),
    url: api(links, `/repos/${fullName}/git/commits/${commit.sha}`),
    html_url: page(commit.sha),
    author: signature(commit.author),
    committer: signature(commit.committer),
    tree: {
      sha: commit.tree,
      url: api(links, `/repos/${fullName}/git/trees/${commit.tree}`),
    },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: api(links, `/repos/${fullName}/git/commits/${sha}`),
      html_url: page(sha),
    })),
    verification: verification(github, commit),
  };
}

/** The commits API: the same commit with the accounts behind its names. */
export function commit(github: GitHub, repository: RepositoryRow, row: Commit): Body {
  const { links } = github;
  const fullName = github.fullName(repository);
  const url = api(links, `/repos/${fullName}/commits/${row.sha}`);
  const author = accountOf(github, row.author);
  const committer = accountOf(github, row.committer);
  return {
    sha: row.sha,
    node_id: nodeId('commit', repository.id, row.sha),
    commit: {
      author: signature(row.author),
      committer: signature(row.committer),
      message: row.message,
      tree: {
        sha: row.tree,
        url: api(links, `/repos/${fullName}/git/trees/${row.tree}`),
      },
      url: api(links, `/repos/${fullName}/git/commits/${row.sha}`),
      comment_count: 0,
      verification: verification(github, row),
    },
    url,
    html_url: html(links, `/${fullName}/commit/${row.sha}`),
    comments_url: `${url}/comments`,
    author: author ? simpleUser(github, author) : null,
    committer: committer ? simpleUser(github, committer) : null,
    parents: row.parents.map((sha) => ({
      sha,
      url: api(links, `/repos/${fullName}/commits/${sha}`),
      html_url: html(links, `/${fullName}/commit/${sha}`),
    })),
  };
}

function signature(one: Signature): Body {
  return { name: one.name, email: one.email, date: toTimestamp(one.date) };
}

function verification(github: GitHub, commit: Commit): Body {
  const { signature: signed } = commit;
  const reason = verificationOf(github, commit);
  const verified = reason === 'valid';
  return {
    verified,
    reason,
    signature: signed?.armor ?? null,
    payload: signed?.payload ?? null,
    verified_at: verified ? toTimestamp(commit.committer.date) : null,
  };
}

/** The account an e-mail address belongs to: the number in a no-reply address, or the address itself. */
function accountOf(github: GitHub, one: Signature): AccountRow | undefined {
  const number = /^(\d+)\+.*@users\.noreply\./.exec(one.email)?.[1];
  if (number) return github.state.accounts.get(number);
  return github.state.accounts.find((account) => account.email === one.email);
}

interface Push {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  readonly actor: Actor;
}

export function pushPayload(github: GitHub, repository: RepositoryRow, push: Push): Body {
  const fullName = github.fullName(repository);
  const commits = newCommits(github, repository, push).map((one) => pushedCommit(github, repository, one));
  const created = push.before === ZERO_SHA;
  const range = created
    ? push.after.slice(0, 12)
    : `${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`;
  const { account } = push.actor;
  return {
    ref: push.ref,
    before: push.before,
    after: push.after,
    pusher: {
      name: account.login,
      email: account.email ?? `${account.id}+${account.login}@users.noreply.github.com`,
    },
    created,
    deleted: push.after === ZERO_SHA,
    forced: push.forced,
    base_ref: null,
    compare: html(github.links, `/${fullName}/compare/${range}`),
    commits,
    head_commit: commits.at(-1) ?? null,
  };
}

function newCommits(github: GitHub, repository: RepositoryRow, push: Push): Commit[] {
  if (push.after === ZERO_SHA) return [];
  const git = github.git(repository);
  const commits: Commit[] = [];
  const seenElsewhere =
    push.before === ZERO_SHA ? git.readRef(`refs/heads/${repository.default_branch}`) : undefined;
  const known = new Set(
    seenElsewhere && push.ref !== `refs/heads/${repository.default_branch}`
      ? [...git.history(seenElsewhere)].map((one) => one.sha)
      : [],
  );
  for (const one of git.history(push.after)) {
    if (one.sha === push.before || known.has(one.sha) || commits.length >= MOST_COMMITS_IN_A_PUSH) break;
    commits.push(one);
  }
  return commits.reverse();
}

function pushedCommit(github: GitHub, repository: RepositoryRow, row: Commit): Body {
  const person = (one: Signature): Body => {
    const account = accountOf(github, one);
    return { name: one.name, email: one.email, ...(account ? { username: account.login } : {}) };
  };
  return {
    id: row.sha,
    tree_id: row.tree,
    distinct: true,
    message: row.message,
    timestamp: toTimestamp(row.committer.date),
    url: html(github.links, `/${github.fullName(repository)}/commit/${row.sha}`),
    author: person(row.author),
    committer: person(row.committer),
    ...github.git(repository).changedByCommit(row),
  };
}
