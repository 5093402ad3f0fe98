// Which commits of the ledger GitHub itself does not know as ours: for a start that remembers nothing, and believes nobody.
import { Failure } from '../engine/ports/failure.ts';
import type { LedgerHistoryItem, Strangers, StrangersAsked } from '../engine/ports/ledger.ts';
import { pathsOf } from './github-history.ts';
import type { GitHubPlace } from './github-ledger.ts';
import { entryFolders, isEntryFile } from './layout.ts';

export interface StrangerSearch extends StrangersAsked {
  readonly head: string;
  /** `countersign[bot]` */
  readonly botLogin: () => Promise<string>;
}

export async function findStrangers(place: GitHubPlace, search: StrangerSearch): Promise<Strangers> {
  const bot = await accountOf(place, await search.botLogin());
  const doubtful: Listed[] = [];
  let asked = 0;
  let newestOfOurs = Number.POSITIVE_INFINITY;
  for await (const commit of commitsDownFrom(place, search)) {
    if (isBy(commit, bot)) newestOfOurs = Math.min(newestOfOurs, asked);
    else doubtful.push({ ...commit, place: asked });
    asked += 1;
  }
  const commits = await withEntries(place, doubtful.reverse());
  const oldest = doubtful.find(({ oid }) => oid === commits[0]?.oid);
  if (oldest === undefined) return { commits: [], asked, hasOursAfter: false };
  if (!(await isSigning(place, search.head)))
    return { commits: [], asked, hasOursAfter: false, isUnsigned: true };
  return {
    commits,
    asked,
    hasOursAfter: newestOfOurs < oldest.place,
    ...(oldest.parent !== undefined && { before: oldest.parent }),
  };
}

/** The id outlives a new name of the app; the addresses of its commits do not. */
async function accountOf({ octokit }: GitHubPlace, login: string): Promise<number> {
  const { data } = await octokit.rest.users.getByUsername({ username: login });
  return data.id;
}

interface SaidCommit {
  readonly oid: string;
  readonly parent?: string;
  readonly email: string;
  readonly isSignedByGitHub: boolean;
}

interface Listed extends SaidCommit {
  /** From the newest, which is 0. */
  readonly place: number;
}

/**
 * A signature that is valid may be any person's; only GitHub's own is put under what somebody did there, with the
 * author that it was done by.
 */
function isBy({ email, isSignedByGitHub }: SaidCommit, bot: number): boolean {
  const [, id] = /^(\d+)\+[^@]*\[bot\]@users\.noreply\.[^@]+$/.exec(email) ?? [];
  return isSignedByGitHub && id === String(bot);
}

const historyQuery = `
  query ($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {
    repository(owner: $owner, name: $name) {
      object(oid: $oid) {
        ... on Commit {
          history(first: 100, after: $after) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes {
              oid
              author { email }
              parents(first: 1) { nodes { oid } }
              signature { isValid wasSignedByGitHub }
            }
          }
        }
      }
    }
  }`;

/** Newest first, a hundred a call, down to `known` or to the first of all. */
async function* commitsDownFrom(
  { octokit, owner, name }: GitHubPlace,
  { head, known, progress }: StrangerSearch,
): AsyncIterable<SaidCommit> {
  let after: string | null = null;
  let read = 0;
  do {
    const answer: unknown = await octokit.graphql(historyQuery, { owner, name, oid: head, after });
    const page: Page = readPage(answer);
    for (const commit of page.commits) {
      if (commit.oid === known) return;
      yield commit;
    }
    read += page.commits.length;
    progress?.(read, page.total);
    after = page.next;
  } while (after !== null);
}

interface Page {
  readonly commits: readonly SaidCommit[];
  readonly total: number;
  readonly next: string | null;
}

function readPage(answer: unknown): Page {
  const history = ['repository', 'object', 'history'].reduce<unknown>(get, answer);
  const nodes = get(history, 'nodes');
  const next = get(get(history, 'pageInfo'), 'endCursor');
  const hasNext = get(get(history, 'pageInfo'), 'hasNextPage') === true;
  const total = get(history, 'totalCount');
  if (!Array.isArray(nodes) || typeof total !== 'number' || (hasNext && typeof next !== 'string'))
    throw new Failure('GitHub does not say which commits the ledger has.', { transient: true });
  return { commits: nodes.map(readCommit), total, next: hasNext && typeof next === 'string' ? next : null };
}

function readCommit(node: unknown): SaidCommit {
  const oid = get(node, 'oid');
  if (typeof oid !== 'string')
    throw new Failure('GitHub does not say what a commit of the ledger is called.', { transient: true });
  const email = get(get(node, 'author'), 'email');
  const signature = get(node, 'signature');
  const parents = get(get(node, 'parents'), 'nodes');
  const parent: unknown = Array.isArray(parents) ? get(parents[0], 'oid') : undefined;
  return {
    oid,
    email: typeof email === 'string' ? email : '',
    isSignedByGitHub: get(signature, 'isValid') === true && get(signature, 'wasSignedByGitHub') === true,
    ...(typeof parent === 'string' && { parent }),
  };
}

function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Each of them costs a call. What is not looked at cannot be shown to be harmless. */
const mostLookedAt = 200;

async function withEntries(
  place: GitHubPlace,
  commits: readonly Listed[],
): Promise<readonly LedgerHistoryItem[]> {
  const items: LedgerHistoryItem[] = [];
  for (const [index, { oid }] of commits.entries()) {
    const paths = index < mostLookedAt ? await pathsOf(place, oid) : entryFolders;
    if (paths.some(isEntryFile)) items.push({ oid, paths: paths.filter(isEntryFile) });
  }
  return items;
}

/**
 * A GitHub Enterprise Server may have been set up to sign nothing: then the lack of a signature says nothing. A commit
 * that no branch will ever hold tells.
 */
async function isSigning({ octokit, owner, name }: GitHubPlace, head: string): Promise<boolean> {
  const at = { owner, repo: name };
  const { data: newest } = await octokit.rest.git.getCommit({ ...at, commit_sha: head });
  const tried = { message: 'Is this signed?', tree: newest.tree.sha, parents: [] };
  const { data } = await octokit.rest.git.createCommit({ ...at, ...tried });
  return data.verification.verified;
}
