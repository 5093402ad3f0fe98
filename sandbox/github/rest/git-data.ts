// REST: Git's own objects and references.
import { isForced } from '../actions/updates.ts';
import { moveRef, signatureOf, webFlow } from '../actions/branches.ts';
import { gitCommit } from '../bodies/commit.ts';
import type { Signature, TreeEntry } from '../git/codec.ts';
import type { GitRepository } from '../git/repository.ts';
import { writeSignedCommit } from '../git/signing.ts';
import type { Body } from '../github.ts';
import { required } from '../github.ts';
import { api, nodeId } from '../links.ts';
import { conflict, invalid, notFound, unprocessable } from '../problem.ts';
import type { Permissions } from '../rows.ts';
import { inLines } from './contents.ts';
import {
  isObject,
  optionalBoolean,
  optionalObject,
  optionalObjects,
  optionalText,
  optionalTexts,
  requiredText,
} from './json.ts';
import type { JsonObject } from './json.ts';
import { created, noContent, ok, onRepository, page, param } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const read: readonly Permissions[] = [{ contents: 'read' }];
const write: readonly Permissions[] = [{ contents: 'write' }];
const LARGEST_RECURSIVE_TREE = 100_000;
const LARGEST_BLOB = 100 * 1024 * 1024;

export const gitDataRoutes: readonly Route[] = [
  onRepository({ method: 'GET', path: '/git/blobs/:file_sha', permissions: read, answer: getBlob }),
  onRepository({ method: 'POST', path: '/git/blobs', permissions: write, role: 'write', answer: postBlob }),
  onRepository({ method: 'GET', path: '/git/trees/:tree_sha{.+}', permissions: read, answer: getTree }),
  onRepository({ method: 'POST', path: '/git/trees', permissions: write, role: 'write', answer: postTree }),
  onRepository({
    method: 'GET',
    path: '/git/commits/:commit_sha',
    permissions: read,
    answer: (call) => {
      const commit = required(gitOf(call).commit(param(call, 'commit_sha')));
      return ok(gitCommit(call.github, call.repository, commit));
    },
  }),
  onRepository({
    method: 'POST',
    path: '/git/commits',
    permissions: write,
    role: 'write',
    answer: postCommit,
  }),
  onRepository({
    method: 'GET',
    path: '/git/ref/:ref{.+}',
    permissions: read,
    answer: (call) => {
      const name = `refs/${param(call, 'ref')}`;
      return ok(refBody(call, name, required(gitOf(call).readRef(name))));
    },
  }),
  onRepository({
    method: 'GET',
    path: '/git/matching-refs/:ref{.+}',
    permissions: read,
    answer: (call) =>
      page(call, gitOf(call).refs(`refs/${param(call, 'ref')}`), ({ name, sha }) => refBody(call, name, sha)),
  }),
  onRepository({ method: 'POST', path: '/git/refs', permissions: write, role: 'write', answer: postRef }),
  onRepository({
    method: 'PATCH',
    path: '/git/refs/:ref{.+}',
    permissions: write,
    role: 'write',
    answer: patchRef,
  }),
  onRepository({
    method: 'DELETE',
    path: '/git/refs/:ref{.+}',
    permissions: write,
    role: 'write',
    answer: (call) => {
      const ref = `refs/${param(call, 'ref')}`;
      const before = gitOf(call).readRef(ref);
      if (!before) throw unprocessable('Reference does not exist');
      moveRef(call.github, call.actor, call.repository, { ref, before, after: null });
      return noContent();
    },
  }),
];

function gitOf(call: RepositoryCall): GitRepository {
  const git = call.github.git(call.repository);
  if (git.refs('refs/heads/').length === 0) throw conflict('Git Repository is empty.');
  return git;
}

function urlOf(call: RepositoryCall, path: string): string {
  return api(call.github.links, `/repos/${call.github.fullName(call.repository)}/git/${path}`);
}

function getBlob(call: RepositoryCall): Answer {
  const sha = param(call, 'file_sha');
  const object = gitOf(call).object(sha);
  if (object?.type !== 'blob') throw notFound();
  if (/application\/vnd\.github(\.v3)?\.raw/.test(call.accept)) {
    return { status: 200, raw: new Uint8Array(object.content) };
  }
  return ok({
    sha,
    node_id: nodeId('commit', call.repository.id, sha),
    size: object.content.length,
    url: urlOf(call, `blobs/${sha}`),
    content: inLines(object.content.toString('base64')),
    encoding: 'base64',
  });
}

function postBlob(call: RepositoryCall): Answer {
  const content = requiredText(call.body, 'content', 'Blob');
  const encoding = optionalText(call.body, 'encoding') ?? 'utf-8';
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BLOB) {
    throw invalid([{ resource: 'Blob', field: 'data', code: 'custom', message: 'data is too large' }]);
  }
  const sha = gitOf(call).writeBlob(bytes);
  return created({ sha, url: urlOf(call, `blobs/${sha}`) });
}

function getTree(call: RepositoryCall): Answer {
  const git = gitOf(call);
  const name = param(call, 'tree_sha');
  const sha = git.commit(git.resolve(name) ?? '')?.tree ?? name;
  const entries = required(git.tree(sha));
  const recursive = call.query.has('recursive') && call.query.get('recursive') !== '';
  const listed = recursive ? [...git.walk(sha)] : entries.map((one) => ({ ...one, path: one.name }));
  return ok(treeBody(call, sha, listed));
}

function treeBody(
  call: RepositoryCall,
  sha: string,
  entries: ReadonlyArray<TreeEntry & { readonly path: string }>,
): Body {
  const git = call.github.git(call.repository);
  return {
    sha,
    url: urlOf(call, `trees/${sha}`),
    tree: entries.slice(0, LARGEST_RECURSIVE_TREE).map((entry) => ({
      path: entry.path,
      mode: entry.mode,
      type: entry.type,
      sha: entry.sha,
      ...(entry.type === 'blob' ? { size: git.object(entry.sha)?.content.length ?? 0 } : {}),
      url: urlOf(call, `${entry.type}s/${entry.sha}`),
    })),
    truncated: entries.length > LARGEST_RECURSIVE_TREE,
  };
}

function postTree(call: RepositoryCall): Answer {
  const git = gitOf(call);
  const entries = optionalObjects(call.body, 'tree');
  if (!entries || entries.length === 0) throw unprocessable('Invalid tree info');
  const baseName = optionalText(call.body, 'base_tree');
  const base = baseName === undefined ? null : (git.commit(baseName)?.tree ?? baseName);
  if (base !== null && !git.tree(base)) throw notFound();
  const changes = new Map(entries.map((entry) => treeChange(git, entry)));
  const sha = git.changeTree(base, changes);
  const listed = required(git.tree(sha)).map((one) => ({ ...one, path: one.name }));
  return created(treeBody(call, sha, listed));
}

function treeChange(
  git: GitRepository,
  entry: JsonObject,
): [string, { readonly sha: string; readonly mode: string } | null] {
  const path = optionalText(entry, 'path');
  const mode = optionalText(entry, 'mode') ?? '100644';
  if (path === undefined || !isSafePath(path))
    throw unprocessable('tree.path contains a malformed path component');
  if (entry['sha'] === null) return [path, null];
  const content = optionalText(entry, 'content');
  const sha = content === undefined ? optionalText(entry, 'sha') : git.writeBlob(Buffer.from(content));
  if (sha === undefined) throw unprocessable('tree.sha or tree.content must be given');
  if (!git.object(sha)) throw unprocessable(`tree.sha ${sha} is not a valid blob`);
  return [path, { sha, mode }];
}

export function isSafePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part !== '.git');
}

async function postCommit(call: RepositoryCall): Promise<Answer> {
  const { github, repository, body, actor } = call;
  const git = gitOf(call);
  const tree = requiredText(body, 'tree', 'Commit');
  const message = requiredText(body, 'message', 'Commit');
  const parents = optionalTexts(body, 'parents') ?? [];
  if (!git.tree(tree)) throw unprocessable('Tree SHA does not exist');
  if (!parents.every((sha) => git.commit(sha)))
    throw unprocessable('Parent SHA does not exist or is not a commit object');
  const own = signatureOf(actor, github.now());
  const author = signatureIn(body, 'author', own);
  const named = isObject(body['author']) || isObject(body['committer']);
  const committer = named ? signatureIn(body, 'committer', author) : webFlow(github.now());
  // GitHub signs only what carries nobody else's name.
  const commit = { tree, parents, author, committer, message };
  const sha = named ? git.writeCommit(commit) : await writeSignedCommit(github, repository, commit);
  return created(gitCommit(github, repository, required(git.commit(sha))));
}

function signatureIn(body: JsonObject, field: string, otherwise: Signature): Signature {
  const given = optionalObject(body, field);
  if (!given) return otherwise;
  const date = optionalText(given, 'date');
  return {
    name: requiredText(given, 'name', 'Commit'),
    email: requiredText(given, 'email', 'Commit'),
    date: date === undefined ? otherwise.date : new Date(date),
  };
}

function refBody(call: RepositoryCall, name: string, sha: string): Body {
  const type = call.github.git(call.repository).object(sha)?.type ?? 'commit';
  return {
    ref: name,
    node_id: nodeId('ref', call.repository.id, name),
    url: urlOf(call, name),
    object: { sha, type, url: urlOf(call, `${type}s/${sha}`) },
  };
}

function postRef(call: RepositoryCall): Answer {
  const ref = requiredText(call.body, 'ref', 'Reference');
  const sha = requiredText(call.body, 'sha', 'Reference');
  const git = gitOf(call);
  if (!isRefName(ref)) throw unprocessable('Reference name must start with "refs/" and be well-formed.');
  if (!git.object(sha)) throw unprocessable('Object does not exist');
  if (git.readRef(ref)) throw unprocessable('Reference already exists');
  const moved = moveRef(call.github, call.actor, call.repository, { ref, before: null, after: sha });
  if (!moved) throw unprocessable('Reference already exists');
  return created(refBody(call, ref, sha));
}

function patchRef(call: RepositoryCall): Answer {
  const ref = `refs/${param(call, 'ref')}`;
  const sha = requiredText(call.body, 'sha', 'Reference');
  const git = gitOf(call);
  const before = git.readRef(ref);
  if (!before) throw unprocessable('Reference does not exist');
  if (!git.object(sha)) throw unprocessable('Object does not exist');
  const forced = isForced(git, before, sha);
  if (forced && optionalBoolean(call.body, 'force') !== true) {
    throw unprocessable('Update is not a fast forward');
  }
  if (!moveRef(call.github, call.actor, call.repository, { ref, before, after: sha, forced })) {
    throw conflict('Reference cannot be updated');
  }
  return ok(refBody(call, ref, sha));
}

function isRefName(ref: string): boolean {
  return (
    /^refs\/(heads|tags|[a-z][\w-]*)\/./.test(ref) &&
    !/\.\.|[\u0000- ~^:?*[\\\u007f]|\/\/|\/$|\.lock(\/|$)|@\{|\/\.|\.$/.test(ref)
  );
}
