// REST: files and folders of a repository at a revision.
import type { TreeEntry } from '../git/codec.ts';
import type { Body } from '../github.ts';
import { required } from '../github.ts';
import { api, html } from '../links.ts';
import { notFound } from '../problem.ts';
import { ok, onRepository } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const LARGEST_INLINE = 1024 * 1024;

export const contentsRoutes: readonly Route[] = [
  onRepository({
    method: 'GET',
    path: '/contents/:path{.*}',
    permissions: [{ contents: 'read' }],
    answer: contents,
  }),
  onRepository({
    method: 'GET',
    path: '/contents',
    permissions: [{ contents: 'read' }],
    answer: contents,
  }),
];

function contents(call: RepositoryCall): Answer {
  const { github, repository, query } = call;
  const git = github.git(repository);
  const path = (call.params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const ref = query.get('ref') ?? repository.default_branch;
  const head = git.commit(git.resolve(ref) ?? '');
  if (!head) {
    const problem = notFound();
    problem.message = `No commit found for the ref ${ref}`;
    throw problem;
  }
  const entry = required(git.entryAt(head.tree, path));
  if (entry.type === 'tree') {
    const entries = required(git.tree(entry.sha));
    return ok(entries.map((one) => summary(call, one, path === '' ? one.name : `${path}/${one.name}`, ref)));
  }
  return file(call, entry, path, ref);
}

function file(call: RepositoryCall, entry: TreeEntry, path: string, ref: string): Answer {
  const { content } = required(call.github.git(call.repository).object(entry.sha));
  if (/application\/vnd\.github(\.v3)?\.raw/.test(call.accept)) {
    return {
      status: 200,
      raw: new Uint8Array(content),
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  }
  const inline = content.length <= LARGEST_INLINE;
  return ok({
    ...summary(call, entry, path, ref),
    content: inline ? inLines(content.toString('base64')) : '',
    encoding: inline ? 'base64' : 'none',
  });
}

function summary(call: RepositoryCall, entry: TreeEntry, path: string, ref: string): Body {
  const { github, repository } = call;
  const { links } = github;
  const fullName = github.fullName(repository);
  const isTree = entry.type === 'tree';
  const url = api(links, `/repos/${fullName}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`);
  const gitUrl = api(links, `/repos/${fullName}/git/${isTree ? 'trees' : 'blobs'}/${entry.sha}`);
  const page = html(links, `/${fullName}/${isTree ? 'tree' : 'blob'}/${ref}/${encodeURI(path)}`);
  return {
    type: isTree ? 'dir' : entry.mode === '120000' ? 'symlink' : 'file',
    size: isTree ? 0 : (github.git(repository).object(entry.sha)?.content.length ?? 0),
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.sha,
    url,
    git_url: gitUrl,
    html_url: page,
    download_url: isTree ? null : html(links, `/raw/${fullName}/${ref}/${encodeURI(path)}`),
    _links: { self: url, git: gitUrl, html: page },
  };
}

/** GitHub breaks Base64 after sixty characters, and ends with a line end. */
export function inLines(base64: string): string {
  return base64 === '' ? '' : `${(base64.match(/.{1,60}/g) ?? []).join('\n')}\n`;
}
