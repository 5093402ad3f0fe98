// What came to the ledger's branch on GitHub since a head: each commit, its batch, and every path that it touched.
import { isNotFound } from '../clients/github/failure.ts';
import type { Ledger, LedgerHistoryItem } from '../engine/ports/ledger.ts';
import type { GitHubPlace } from './github-ledger.ts';
import { entryFolders } from './layout.ts';
import { batchOf } from './message.ts';

/** `tip` is the branch's head now: what is read stays true whatever moves meanwhile. */
export async function readGitHubHistory(
  place: GitHubPlace,
  head: string,
  tip: string,
): ReturnType<Ledger['since']> {
  if (tip === head) return [];
  const commits = await commitsBetween(place, head, tip);
  if (commits === 'unrelated') return 'unrelated';
  const items: LedgerHistoryItem[] = [];
  for (const { oid, message } of commits) {
    const batch = batchOf(message);
    items.push({ oid, ...(batch !== undefined && { batch }), paths: await pathsOf(place, oid) });
  }
  return items;
}

interface Said {
  readonly oid: string;
  readonly message: string;
}

async function commitsBetween(
  { octokit, owner, name }: GitHubPlace,
  head: string,
  tip: string,
): Promise<readonly Said[] | 'unrelated'> {
  const commits: Said[] = [];
  const basehead = `${head}...${tip}`;
  for (let page = 1; ; page += 1) {
    const asked = { owner, repo: name, basehead, per_page: 100, page };
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead(asked).catch((error: unknown) => {
      // A head that is gone, or that has nothing in common with the branch. The repository is there: it gave us the tip.
      if (isNotFound(error)) return { data: undefined };
      throw error;
    });
    if (data?.status !== 'ahead') return 'unrelated';
    commits.push(...data.commits.map(({ sha, commit }) => ({ oid: sha, message: commit.message })));
    if (data.commits.length === 0 || commits.length >= data.total_commits) return commits;
  }
}

/** GitHub lists no more than this of a commit's files. */
const mostFilesListed = 3000;

/** Of a merge, what it changed for the branch that it was made on. */
export async function pathsOf(
  { octokit, owner, name }: GitHubPlace,
  oid: string,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let page = 1; ; page += 1) {
    const asked = { owner, repo: name, ref: oid };
    const { data, headers } = await octokit.rest.repos.getCommit(page === 1 ? asked : { ...asked, page });
    for (const { filename, previous_filename } of data.files ?? [])
      paths.push(filename, ...(previous_filename === undefined ? [] : [previous_filename]));
    // What is not listed cannot be shown to be harmless.
    if (paths.length >= mostFilesListed) return [...paths, ...entryFolders];
    if (!headers.link?.includes('rel="next"')) return paths;
  }
}
