// Reads the files of a desk at a commit from GitHub: everything under `flows/`, and who must review it.
import type { DeskId } from '../../domain/names.ts';
import { codeOwnersPaths } from './code-owners.ts';
import { GitHubFailure } from './failure.ts';
import type { GitHubApp, InstalledRepository } from './github-app.ts';

export interface DeskSource {
  /** The head of the default branch. */
  head(desk: DeskId): Promise<{ readonly commit: string; readonly branch: string }>;
  /** Files by their path. Links and submodules are left out: nothing outside `flows/` becomes part of it. `asked`: told of each file that GitHub is asked for. */
  read(desk: DeskId, commit: string, asked?: () => void): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** More than this is not read at all. */
export interface DeskSize {
  readonly files: number;
  readonly bytes: number;
}

interface TreeItem {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size?: number;
}

/** A desk is text that people wrote; more than this is a mistake, or somebody who wants us to be out of memory. */
const usualSize: DeskSize = { files: 2000, bytes: 20 * 1024 * 1024 };
const mostRemembered = 64 * 1024 * 1024;

export function createDeskSource({
  github,
  most = usualSize,
}: {
  readonly github: GitHubApp;
  readonly most?: DeskSize;
}): DeskSource {
  const blobs = createBlobMemory();

  async function tree(repository: InstalledRepository, sha: string, deep = false): Promise<TreeItem[]> {
    const { data } = await repository.installation.at('read').rest.git.getTree({
      ...named(repository),
      tree_sha: sha,
      ...(deep && { recursive: '1' }),
    });
    if (data.truncated) throw tooLarge();
    return data.tree;
  }

  async function blob(
    desk: DeskId,
    repository: InstalledRepository,
    sha: string,
    asked: (() => void) | undefined,
  ): Promise<Uint8Array> {
    const known = blobs.get(`${desk} ${sha}`);
    if (known) return known;
    asked?.();
    const { data } = await repository.installation
      .at('read')
      .rest.git.getBlob({ ...named(repository), file_sha: sha });
    return blobs.keep(`${desk} ${sha}`, new Uint8Array(Buffer.from(data.content, 'base64')));
  }

  /** Folder by folder from the root, so that a large repository around the flows costs nothing. */
  async function files(repository: InstalledRepository, commit: string): Promise<readonly TreeItem[]> {
    const root = await tree(repository, commit);
    const folders = root.filter(({ path, type }) => type === 'tree' && Object.hasOwn(wanted, path));
    const inside = await Promise.all(
      folders.map(async ({ path, sha }) =>
        (await tree(repository, sha, path === 'flows')).map((item) => ({
          ...item,
          path: `${path}/${item.path}`,
        })),
      ),
    );
    const isWanted = ({ path, mode }: TreeItem): boolean =>
      mode.startsWith('100') &&
      (path.startsWith('flows/') || codeOwnersPaths.some((place) => place === path));
    return [...root, ...inside.flat()].filter(isWanted);
  }

  return {
    async head(desk) {
      const repository = await github.forRepositoryId(repositoryId(desk));
      const branch = repository.defaultBranch;
      const { data } = await repository.installation
        .at('read')
        .rest.repos.getBranch({ ...named(repository), branch });
      return { commit: data.commit.sha, branch };
    },

    async read(desk, commit, asked) {
      const repository = await github.forRepositoryId(repositoryId(desk));
      const found = await files(repository, commit);
      const bytes = found.reduce((sum, { size = 0 }) => sum + size, 0);
      if (found.length > most.files || bytes > most.bytes) throw tooLarge();
      const contents = found.map(
        async ({ path, sha }) => [path, await blob(desk, repository, sha, asked)] as const,
      );
      return new Map(await Promise.all(contents));
    },
  };
}

const wanted = { flows: true, '.github': true, docs: true } as const;

/** The repository that a desk's id names; throws for a desk that is not GitHub's. */
export function repositoryId(desk: DeskId): number {
  const [, id] = /^github:([0-9]+)$/.exec(desk) ?? [];
  if (id === undefined) throw new Error('This desk is not a repository on GitHub.');
  return Number(id);
}

function named({ owner, name }: InstalledRepository): { readonly owner: string; readonly repo: string } {
  return { owner, repo: name };
}

function tooLarge(): GitHubFailure {
  return new GitHubFailure('The desk has more files in flows/ than can be read', {
    kind: 'refused',
    transient: false,
  });
}

/** What Git names by its content never changes: kept by desk and hash, those used last the longest. */
function createBlobMemory(): {
  get(key: string): Uint8Array | undefined;
  keep(key: string, content: Uint8Array): Uint8Array;
} {
  const blobs = new Map<string, Uint8Array>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= blobs.get(key)?.length ?? 0;
    blobs.delete(key);
  };
  const keep = (key: string, content: Uint8Array): Uint8Array => {
    drop(key);
    blobs.set(key, content);
    bytes += content.length;
    for (const [oldest] of blobs) {
      if (bytes <= mostRemembered) break;
      drop(oldest);
    }
    return content;
  };
  return {
    keep,
    get: (key) => {
      const content = blobs.get(key);
      return content && keep(key, content);
    },
  };
}
