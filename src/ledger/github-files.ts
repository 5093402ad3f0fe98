// Reads every entry file of the ledger from GitHub, many in one query, each proven by the hash that Git gave it.
import { createHash } from 'node:crypto';
import { Failure } from '../engine/ports/failure.ts';
import type { LedgerFile } from '../engine/ports/ledger.ts';
import type { GitHubPlace } from './github-ledger.ts';
import { isEntryFile } from './layout.ts';

export async function* readGitHubFiles(place: GitHubPlace, head: string): AsyncIterable<LedgerFile> {
  const { octokit, owner, name } = place;
  const { data } = await octokit.rest.git.getCommit({ owner, repo: name, commit_sha: head });
  let some: Blob[] = [];
  let bytes = 0;
  for await (const blob of blobsBelow(place, data.tree.sha, '')) {
    if (some.length === mostAtOnce || (some.length > 0 && bytes + blob.size > mostBytesAtOnce)) {
      yield* await readTogether(place, some);
      [some, bytes] = [[], 0];
    }
    some.push(blob);
    bytes += blob.size;
  }
  if (some.length > 0) yield* await readTogether(place, some);
}

interface Blob {
  readonly path: string;
  readonly oid: string;
  readonly size: number;
}

const mostAtOnce = 50;
const mostBytesAtOnce = 500_000;

/** One call for the whole tree, as long as GitHub gives it whole. */
async function* blobsBelow(place: GitHubPlace, tree: string, folder: string): AsyncIterable<Blob> {
  const { octokit, owner, name } = place;
  const asked = { owner, repo: name, tree_sha: tree };
  const { data: whole } = await octokit.rest.git.getTree({ ...asked, recursive: '1' });
  if (!whole.truncated) return yield* entryBlobs(whole.tree, folder);
  const { data: flat } = await octokit.rest.git.getTree(asked);
  if (flat.truncated)
    throw new Failure('A folder of the ledger is too large to be listed.', { transient: false });
  yield* entryBlobs(flat.tree, folder);
  for (const { type, path, sha } of flat.tree)
    if (type === 'tree') yield* blobsBelow(place, sha, `${folder}${path}/`);
}

function entryBlobs(
  tree: readonly {
    readonly type: string;
    readonly path: string;
    readonly sha: string;
    readonly size?: number;
  }[],
  folder: string,
): readonly Blob[] {
  return tree
    .filter(({ type, path }) => type === 'blob' && isEntryFile(folder + path))
    .map(({ path, sha, size }) => ({ path: folder + path, oid: sha, size: size ?? 0 }));
}

/** A text that GraphQL cut, or took for binary, is not what Git hashed: it is read by itself. */
async function readTogether(place: GitHubPlace, blobs: readonly Blob[]): Promise<readonly LedgerFile[]> {
  const texts = await queryTexts(place, blobs);
  return Promise.all(
    blobs.map(async ({ path, oid }) => {
      const text = texts.get(oid);
      return {
        path,
        content: text !== undefined && blobId(text) === oid ? text : await readAlone(place, oid),
      };
    }),
  );
}

async function queryTexts(
  { octokit, owner, name }: GitHubPlace,
  blobs: readonly Blob[],
): Promise<ReadonlyMap<string, string>> {
  const objects = blobs.map(
    ({ oid }, index) => `f${index}: object(oid: "${oid}") { ... on Blob { oid text } }`,
  );
  const query = `query ($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${objects.join('\n')} }
  }`;
  const answer: unknown = await octokit.graphql(query, { owner, name });
  const texts = new Map<string, string>();
  for (const found of valuesOf(valuesOf(answer)[0])) {
    if (typeof found !== 'object' || found === null || !('oid' in found) || !('text' in found)) continue;
    if (typeof found.oid === 'string' && typeof found.text === 'string') texts.set(found.oid, found.text);
  }
  return texts;
}

function valuesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

async function readAlone({ octokit, owner, name }: GitHubPlace, oid: string): Promise<string> {
  const { data } = await octokit.rest.git.getBlob({ owner, repo: name, file_sha: oid });
  return Buffer.from(data.content, 'base64').toString('utf8');
}

/** As Git names a blob. */
function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
}
