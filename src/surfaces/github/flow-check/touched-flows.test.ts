import { Octokit } from '@octokit/rest';
import { expect, it } from 'vitest';
import type { Repository } from '../github-place.ts';
import { touchesFlows } from './touched-flows.ts';

interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
}

/** GitHub lists at most 3,000 files, a hundred at a time; of trees it knows the folder `flows` at two commits. */
function aRepository(
  files: readonly ChangedFile[],
  folders: { readonly [commit: string]: string } = {},
): { readonly repository: Repository; readonly pages: () => number } {
  let pages = 0;
  const fetch = async (address: string): Promise<Response> => {
    const { pathname, searchParams } = new URL(address);
    const [, commit] = /\/git\/trees\/(\w+)$/.exec(pathname) ?? [];
    if (commit !== undefined) return Response.json({ tree: [{ path: 'flows', sha: folders[commit] }] });
    pages += 1;
    const from = (Number(searchParams.get('page')) - 1) * 100;
    return Response.json(files.slice(0, 3000).slice(from, from + 100));
  };
  const octokit = new Octokit({ request: { fetch } });
  const repository = { owner: 'acme', repo: 'access', defaultBranch: 'main', at: () => octokit };
  return { repository, pages: () => pages };
}

const many = (count: number): readonly ChangedFile[] =>
  Array.from({ length: count }, (_, index) => ({ filename: `src/${index}.ts` }));
const aPull = (changedFiles: number) =>
  ({
    number: 1,
    head: 'head',
    base: 'base',
    branch: 'change',
    isOwnBranch: true,
    isOpen: true,
    changedFiles,
  }) as const;

it.each([
  ['a file in flows/', [{ filename: 'flows/vault.yml' }], true],
  [
    'one that was moved away from there',
    [{ filename: 'old/vault.yml', previous_filename: 'flows/vault.yml' }],
    true,
  ],
  ['an issue form', [{ filename: '.github/ISSUE_TEMPLATE/vault.yml' }], true],
  ['a folder of that name elsewhere', [{ filename: 'docs/flows/vault.yml' }], false],
  ['a name that only begins so', [{ filename: 'flows.md' }], false],
  ['nothing', [], false],
])('%s', async (_, files: readonly ChangedFile[], touched) => {
  expect(await touchesFlows(aRepository(files).repository, aPull(files.length))).toBe(touched);
});

it('reads page by page, and no further than it has to', async () => {
  const { repository, pages } = aRepository([...many(250), { filename: 'flows/a.yml' }, ...many(500)]);
  expect(await touchesFlows(repository, aPull(751))).toBe(true);
  expect(pages()).toBe(3);
});

it.each([
  ['differs', { base: 'one', head: 'two' }, true],
  ['is the same', { base: 'one', head: 'one' }, false],
])(
  'where the list ends before the files do, the folder itself is looked at: it %s',
  async (_, folders, touched) => {
    const { repository, pages } = aRepository([...many(3000), { filename: 'flows/a.yml' }], folders);
    expect(await touchesFlows(repository, aPull(3001))).toBe(touched);
    expect(pages()).toBe(30);
  },
);
