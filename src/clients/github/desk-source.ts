// Reads the files of a desk at a commit from GitHub: everything under `flows/`, and who must review it.
import type { DeskId } from '../../domain/names.ts';
import { codeOwnersPaths } from './code-owners.ts';
import { GitHubFailure } from './failure.ts';
import type { GitHubApp, InstalledRepository } from './github-app.ts';

export interface DeskSource {
  /** The head of the default branch. */
  head(desk: DeskId): Promise<{ readonly commit: string; readonly branch: string }>;
  /** Files by their path. Links and submodules are left out: nothing outside `flows/` becomes part of it. */
  read(desk: DeskId, commit: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What there is at a commit, to be read in part. `asked`: told of each thing that GitHub is asked for. */
  at(desk: DeskId, commit: string, asked?: () => void): Promise<DeskAt>;
}

export interface DeskAt {
  /** The hash of each file, by path: of all in `flows/`, and of the issue forms. */
  readonly versions: ReadonlyMap<string, string>;
  read(isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, Uint8Array>>;
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
const usualSize: DeskSize = { files: 4000, bytes: 20 * 1024 * 1024 };
/** Of a commit that is only proposed, so many files may be new to us: whoever proposes it chooses them. */
const mostProposed = 1200;
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
  async function inside(
    repository: InstalledRepository,
    around: readonly TreeItem[],
    folder: string,
    deep = false,
  ): Promise<readonly TreeItem[]> {
    const found = around.find(({ path, type }) => type === 'tree' && path === folder);
    if (found === undefined) return [];
    const items = await tree(repository, found.sha, deep);
    return items.map((item) => ({ ...item, path: `${folder}/${item.path}` }));
  }

  async function files(repository: InstalledRepository, commit: string): Promise<readonly TreeItem[]> {
    const root = await tree(repository, commit);
    const [flows, hidden, docs] = await Promise.all([
      inside(repository, root, 'flows', true),
      inside(repository, root, '.github'),
      inside(repository, root, 'docs'),
    ]);
    return [...root, ...flows, ...hidden, ...docs].filter(
      (item) => isFile(item) && (isOfFlows(item) || codeOwnersPaths.some((place) => place === item.path)),
    );
  }

  async function filesAndForms(
    repository: InstalledRepository,
    commit: string,
  ): Promise<readonly TreeItem[]> {
    const root = await tree(repository, commit);
    const [flows, hidden] = await Promise.all([
      inside(repository, root, 'flows', true),
      inside(repository, root, '.github'),
    ]);
    const forms = await inside(repository, hidden, formFolder);
    return [...flows, ...forms].filter(isFile);
  }

  async function contentsOf(
    desk: DeskId,
    repository: InstalledRepository,
    found: readonly TreeItem[],
    asked?: () => void,
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const isNew = ({ sha }: TreeItem): boolean => blobs.get(`${desk} ${sha}`) === undefined;
    if (asked && found.filter(isNew).length > mostProposed) throw tooLarge();
    const bytes = found.reduce((sum, { size = 0 }) => sum + size, 0);
    if (found.length > most.files || bytes > most.bytes) throw tooLarge();
    const contents = found.map(
      async ({ path, sha }) => [path, await blob(desk, repository, sha, asked)] as const,
    );
    return new Map(await Promise.all(contents));
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

    async read(desk, commit) {
      const repository = await github.forRepositoryId(repositoryId(desk));
      return contentsOf(desk, repository, await files(repository, commit));
    },

    async at(desk, commit, asked) {
      const repository = await github.forRepositoryId(repositoryId(desk));
      asked?.();
      const found = await filesAndForms(repository, commit);
      return {
        versions: new Map(found.map(({ path, sha }) => [path, sha])),
        read: (isWanted) =>
          contentsOf(
            desk,
            repository,
            found.filter(({ path }) => isWanted(path)),
            asked,
          ),
      };
    },
  };
}

const formFolder = '.github/ISSUE_TEMPLATE';

function isFile({ mode }: TreeItem): boolean {
  return mode.startsWith('100');
}

function isOfFlows({ path }: TreeItem): boolean {
  return path.startsWith('flows/');
}

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
