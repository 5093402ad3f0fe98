// What GraphQL queries and mutations can reach in the embedded GitHub.
import { GraphQLError } from 'graphql';
import { commitOnBranch } from '../actions/branches.ts';
import { isSafePath } from '../rest/git-data.ts';
import { isObject } from '../rest/json.ts';
import type { Commit, Signature } from '../git/codec.ts';
import { verificationOf } from '../git/signing.ts';
import type { Actor, GitHub } from '../github.ts';
import { toTimestamp } from '../github.ts';
import { html, nodeId } from '../links.ts';
import { GitHubProblem } from '../problem.ts';
import type { RepositoryRow } from '../rows.ts';
import { covers } from '../tokens.ts';
import type { Caller } from '../tokens.ts';
import { roleIn } from '../access.ts';
import { collaboratorConnection, type CollaboratorsArgs } from './collaborators.ts';
import { issueNode } from './issue-nodes.ts';

export interface Scope {
  readonly github: GitHub;
  readonly caller: Caller;
  readonly actor: Actor;
  readonly rateLimit: Readonly<Record<string, number>>;
}

type Node = Readonly<Record<string, unknown>>;

const MOST_PAYLOAD_BYTES = 45 * 1024 * 1024;

export function graphqlError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function rootValue(scope: Scope): Node {
  const { github, rateLimit } = scope;
  return {
    __typename: 'Query',
    viewer: { __typename: 'User', login: scope.actor.account.login, databaseId: scope.actor.account.id },
    rateLimit: {
      cost: 1,
      nodeCount: 0,
      limit: rateLimit['limit'],
      remaining: rateLimit['remaining'],
      used: rateLimit['used'],
      resetAt: toTimestamp(new Date((rateLimit['reset'] ?? 0) * 1000)),
    },
    repository: ({ owner, name }: { owner: string; name: string }) =>
      repositoryNode(scope, visible(scope, github.repository(owner, name), `${owner}/${name}`)),
    node: ({ id }: { id: string }) => nodeById(scope, id),
    createCommitOnBranch: ({ input }: { input: CommitInput }) => createCommitOnBranch(scope, input),
  };
}

function visible(scope: Scope, repository: RepositoryRow | undefined, name: string): RepositoryRow {
  if (repository && canSee(scope, repository)) return repository;
  throw graphqlError('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
}

function canSee(scope: Scope, repository: RepositoryRow): boolean {
  const { caller, github } = scope;
  if (!repository.private) return true;
  if (caller.kind === 'person') return roleIn(github, repository, caller.actor.account) !== 'none';
  if (caller.kind !== 'installation' || caller.installation.account_id !== repository.owner_id) return false;
  return caller.token.repository_ids?.includes(repository.id) ?? true;
}

function nodeById(scope: Scope, id: string): Node | null {
  const { state } = scope.github;
  const repository = state.repositories.find((row) => nodeId('repository', row.id) === id);
  if (repository) return repositoryNode(scope, visible(scope, repository, id));
  const issue = state.issues.find((row) => nodeId('issue', row.repository_id, row.id) === id);
  if (issue) return issueNode(scope.github, issue);
  throw graphqlError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

function repositoryNode(scope: Scope, row: RepositoryRow): Node {
  const { github } = scope;
  const git = github.git(row);
  const ref = (qualifiedName: string): Node | null => {
    const name = qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`;
    const sha = git.readRef(name);
    return sha ? refNode(github, row, name, sha) : null;
  };
  return {
    __typename: 'Repository',
    id: nodeId('repository', row.id),
    databaseId: row.id,
    name: row.name,
    nameWithOwner: github.fullName(row),
    isPrivate: row.private,
    isArchived: row.archived,
    url: html(github.links, `/${github.fullName(row)}`),
    defaultBranchRef: ref(`refs/heads/${row.default_branch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName),
    collaborators: (args: CollaboratorsArgs) => collaboratorConnection(github, row, args),
    object: ({ oid, expression }: { oid?: string; expression?: string }) =>
      objectNode(github, row, oid ?? expression ?? ''),
    issue: ({ number }: { number: number }) => {
      const issue = github.state.issues.get(`${row.id}/${number}`);
      if (issue && !issue.pull) return issueNode(github, issue);
      throw graphqlError('NOT_FOUND', `Could not resolve to an Issue with the number of ${number}.`);
    },
  };
}

function refNode(github: GitHub, repository: RepositoryRow, name: string, sha: string): Node {
  const commit = github.git(repository).commit(sha);
  return {
    __typename: 'Ref',
    id: nodeId('ref', repository.id, name),
    name: name.replace(/^refs\/(heads|tags)\//, ''),
    prefix: /^refs\/[^/]+\//.exec(name)?.[0] ?? 'refs/',
    target: commit ? commitNode(github, repository, commit) : null,
  };
}

/** `main:flows/x.yml` as well as a commit or a tree by its number. */
function objectNode(github: GitHub, repository: RepositoryRow, expression: string): Node | null {
  const git = github.git(repository);
  const [revision = '', path] = expression.split(/:(.*)/s);
  const sha = git.resolve(revision);
  const commit = git.commit(sha ?? '');
  if (commit && path === undefined) return commitNode(github, repository, commit);
  const entry = commit ? git.entryAt(commit.tree, path ?? '') : undefined;
  const object = git.object(entry?.sha ?? sha ?? '');
  if (!object || object.type === 'commit' || object.type === 'tag') return null;
  const oid = entry?.sha ?? sha ?? '';
  if (object.type === 'tree') return { __typename: 'Tree', oid, id: nodeId('commit', repository.id, oid) };
  return {
    __typename: 'Blob',
    oid,
    id: nodeId('commit', repository.id, oid),
    byteSize: object.content.length,
    isBinary: object.content.includes(0),
    isTruncated: false,
    text: object.content.includes(0) ? null : object.content.toString(),
  };
}

function commitNode(github: GitHub, repository: RepositoryRow, commit: Commit): Node {
  const url = html(github.links, `/${github.fullName(repository)}/commit/${commit.sha}`);
  const [headline = '', ...rest] = commit.message.split('\n');
  return {
    __typename: 'Commit',
    id: nodeId('commit', repository.id, commit.sha),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    url,
    commitUrl: url,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    committedDate: toTimestamp(commit.committer.date),
    authoredDate: toTimestamp(commit.author.date),
    author: gitActor(commit.author),
    committer: gitActor(commit.committer),
    tree: { __typename: 'Tree', oid: commit.tree, id: nodeId('commit', repository.id, commit.tree) },
    signature: commit.signature
      ? {
          __typename: 'GpgSignature',
          isValid: verificationOf(github, commit) === 'valid',
          state: verificationOf(github, commit).toUpperCase(),
          wasSignedByGitHub: verificationOf(github, commit) === 'valid',
          payload: commit.signature.payload,
          signature: commit.signature.armor,
        }
      : null,
    parents: ({ first }: { first?: number }) => ({
      totalCount: commit.parents.length,
      nodes: commit.parents
        .slice(0, first ?? 100)
        .flatMap((sha) => github.git(repository).commit(sha) ?? [])
        .map((parent) => commitNode(github, repository, parent)),
    }),
    history: ({ first, after }: { first?: number | null; after?: string | null }) => {
      const all = [...github.git(repository).history(commit.sha)];
      const start = after ? Number(after.split(' ')[1]) + 1 : 0;
      const end = Math.min(start + (first ?? 100), all.length);
      return {
        totalCount: all.length,
        nodes: all.slice(start, end).map((one) => commitNode(github, repository, one)),
        pageInfo: {
          hasNextPage: end < all.length,
          endCursor: end > start ? `${commit.sha} ${end - 1}` : null,
        },
      };
    },
  };
}

function gitActor(signature: Signature): Node {
  return { name: signature.name, email: signature.email, date: toTimestamp(signature.date) };
}

interface CommitInput {
  readonly clientMutationId?: string | null;
  readonly branch: {
    readonly id?: string | null;
    readonly repositoryNameWithOwner?: string | null;
    readonly branchName?: string | null;
  };
  readonly message: { readonly headline: string; readonly body?: string | null };
  readonly expectedHeadOid: string;
  readonly fileChanges?: {
    readonly additions?: ReadonlyArray<{ readonly path: string; readonly contents: string }> | null;
    readonly deletions?: ReadonlyArray<{ readonly path: string }> | null;
  } | null;
}

async function createCommitOnBranch(scope: Scope, input: CommitInput): Promise<Node> {
  const { github, actor } = scope;
  const { repository, ref } = branchNamed(scope, input.branch);
  demandContentsWrite(scope, repository);
  const git = github.git(repository);
  const head = git.readRef(ref);
  if (!head) {
    const branch = ref.replace('refs/heads/', '');
    throw graphqlError('NOT_FOUND', `Could not resolve to a Branch with the name '${branch}'.`);
  }
  if (head !== input.expectedHeadOid) throw staleData(input.expectedHeadOid);
  const files = filesOf(input, (path) => git.entryAt(git.commit(head)?.tree ?? '', path) !== undefined);
  const { headline, body } = input.message;
  const oid = await obeyingRules(() =>
    commitOnBranch(github, actor, repository, {
      branch: ref.replace('refs/heads/', ''),
      message: body ? `${headline}\n\n${body}` : headline,
      files,
      expectedHead: input.expectedHeadOid,
    }),
  );
  const commit = oid === undefined ? undefined : git.commit(oid);
  if (!commit) throw staleData(input.expectedHeadOid);
  return {
    __typename: 'CreateCommitOnBranchPayload',
    clientMutationId: input.clientMutationId ?? null,
    commit: commitNode(github, repository, commit),
    ref: refNode(github, repository, ref, commit.sha),
  };
}

function staleData(expected: string): GraphQLError {
  const message = `Expected branch to point to "${expected}" but it did not. Pull and try again.`;
  return graphqlError('STALE_DATA', message);
}

function branchNamed(
  scope: Scope,
  branch: CommitInput['branch'],
): { readonly repository: RepositoryRow; readonly ref: string } {
  const { github } = scope;
  if (branch.id) {
    for (const repository of github.state.repositories.all()) {
      for (const { name } of github.git(repository).refs('refs/heads/')) {
        if (nodeId('ref', repository.id, name) !== branch.id) continue;
        return { repository: visible(scope, repository, branch.id), ref: name };
      }
    }
    throw graphqlError('NOT_FOUND', `Could not resolve to a node with the global id of '${branch.id}'`);
  }
  const fullName = branch.repositoryNameWithOwner ?? '';
  const [owner = '', name = ''] = fullName.split('/');
  if (!branch.branchName) throw graphqlError('UNPROCESSABLE', 'A branch name must be given.');
  const ref = branch.branchName.startsWith('refs/heads/')
    ? branch.branchName
    : `refs/heads/${branch.branchName}`;
  return { repository: visible(scope, github.repository(owner, name), fullName), ref };
}

function demandContentsWrite(scope: Scope, repository: RepositoryRow): void {
  const { caller, github } = scope;
  if (caller.kind === 'installation') {
    const inReach =
      caller.installation.account_id === repository.owner_id &&
      (caller.token.repository_ids?.includes(repository.id) ?? true);
    if (inReach && covers(caller.token.permissions['contents'], 'write')) return;
    throw graphqlError('FORBIDDEN', 'Resource not accessible by integration');
  }
  const role = caller.kind === 'person' ? roleIn(github, repository, caller.actor.account) : 'none';
  if (role === 'write' || role === 'maintain' || role === 'admin') return;
  throw graphqlError('FORBIDDEN', 'Resource not accessible');
}

function filesOf(input: CommitInput, exists: (path: string) => boolean): Map<string, Buffer | null> {
  const files = new Map<string, Buffer | null>();
  let bytes = 0;
  for (const { path } of input.fileChanges?.deletions ?? []) {
    if (!exists(path)) {
      const at = input.expectedHeadOid;
      throw graphqlError(
        'UNPROCESSABLE',
        `A path was requested for deletion which does not exist as of commit oid \`${at}\``,
      );
    }
    files.set(path, null);
  }
  for (const { path, contents } of input.fileChanges?.additions ?? []) {
    if (!isSafePath(path)) throw graphqlError('UNPROCESSABLE', `The path \`${path}\` is not valid.`);
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(contents)) {
      throw graphqlError('UNPROCESSABLE', 'The contents of an addition are not valid Base64.');
    }
    bytes += contents.length;
    files.set(path, Buffer.from(contents, 'base64'));
  }
  if (bytes > MOST_PAYLOAD_BYTES) throw graphqlError('UNPROCESSABLE', 'The payload is too large.');
  return files;
}

async function obeyingRules<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (problem) {
    if (problem instanceof GitHubProblem) throw graphqlError('UNPROCESSABLE', problem.message);
    throw problem;
  }
}

export function isNode(value: unknown): value is Node {
  return isObject(value);
}
