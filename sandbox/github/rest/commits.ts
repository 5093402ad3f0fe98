// REST: history, comparisons, branches and the rules on them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { rulesOn } from '../actions/branches.ts';
import { commit as commitBody } from '../bodies/commit.ts';
import type { Commit } from '../git/codec.ts';
import type { GitRepository } from '../git/repository.ts';
import type { Body } from '../github.ts';
import { required } from '../github.ts';
import { api, html } from '../links.ts';
import { conflict, notFound, unprocessable } from '../problem.ts';
import type { Permissions } from '../rows.ts';
import { ok, onRepository, page, param } from './route.ts';
import type { Answer, RepositoryCall, Route } from './route.ts';

const run = promisify(execFile);
const read: readonly Permissions[] = [{ contents: 'read' }];
const MOST_FILES = 300;

export const commitRoutes: readonly Route[] = [
  onRepository({ method: 'GET', path: '/commits', permissions: read, answer: listCommits }),
  onRepository({ method: 'GET', path: '/commits/:ref{.+}', permissions: read, answer: getCommit }),
  onRepository({ method: 'GET', path: '/compare/:basehead{.+}', permissions: read, answer: compare }),
  onRepository({
    method: 'GET',
    path: '/branches',
    permissions: read,
    answer: (call) => {
      const branches = call.github.git(call.repository).refs('refs/heads/');
      return page(call, branches, ({ name, sha }) => shortBranch(call, name.slice(11), sha));
    },
  }),
  onRepository({ method: 'GET', path: '/branches/:branch{.+}', permissions: read, answer: getBranch }),
  onRepository({
    method: 'GET',
    path: '/rules/branches/:branch{.+}',
    permissions: [{ metadata: 'read' }],
    answer: (call) =>
      page(call, rulesOn(call.github, call.repository, param(call, 'branch')), ({ rule, ruleset }) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: call.github.fullName(call.repository),
        ruleset_id: ruleset.id,
      })),
  }),
];

function listCommits(call: RepositoryCall): Answer {
  const { github, repository, query } = call;
  const git = github.git(repository);
  const start = git.resolve(query.get('sha') ?? repository.default_branch);
  if (!start) {
    if (git.refs('refs/heads/').length === 0) throw conflict('Git Repository is empty.');
    throw notFound();
  }
  const rows = [...matching(git, start, query)];
  return page(call, rows, (row) => commitBody(github, repository, row));
}

function* matching(git: GitRepository, start: string, query: URLSearchParams): Iterable<Commit> {
  const path = query.get('path');
  const author = query.get('author');
  const since = Date.parse(query.get('since') ?? '');
  const until = Date.parse(query.get('until') ?? '');
  for (const commit of git.history(start)) {
    const at = commit.committer.date.getTime();
    if (at < since) continue;
    if (at > until) continue;
    if (author && commit.author.name !== author && commit.author.email !== author) continue;
    if (path && !touches(git, commit, path)) continue;
    yield commit;
  }
}

function touches(git: GitRepository, commit: Commit, path: string): boolean {
  const now = git.entryAt(commit.tree, path)?.sha;
  const parents = commit.parents.flatMap((sha) => git.commit(sha) ?? []);
  if (parents.length === 0) return now !== undefined;
  return parents.every((parent) => git.entryAt(parent.tree, path)?.sha !== now);
}

async function getCommit(call: RepositoryCall): Promise<Answer> {
  const { github, repository } = call;
  const name = param(call, 'ref');
  const runs = /^(.+)\/check-runs$/.exec(name)?.[1];
  if (runs) return checkRunsOf(call, runs);
  const git = github.git(repository);
  const row = git.commit(git.resolve(name) ?? '');
  if (!row) throw unprocessable(`No commit found for SHA: ${name}`);
  if (/application\/vnd\.github(\.v3)?\.sha/.test(call.accept)) {
    return { status: 200, raw: row.sha, headers: { 'content-type': 'application/vnd.github.sha' } };
  }
  const files = await changedFiles(call, row.parents[0] ?? null, row.sha);
  const additions = sum(files, 'additions');
  const deletions = sum(files, 'deletions');
  return ok({
    ...commitBody(github, repository, row),
    stats: { total: additions + deletions, additions, deletions },
    files,
  });
}

async function checkRunsOf(call: RepositoryCall, ref: string): Promise<Answer> {
  const { checkRunBody } = await import('./checks.ts');
  const sha = required(call.github.git(call.repository).resolve(ref));
  const [name, app] = [call.query.get('check_name'), call.query.get('app_id')];
  const all = call.github.state.checkRuns
    .in(`${call.repository.id}/${sha}`)
    .filter((row) => (name === null || row.name === name) && (app === null || row.app_id === Number(app)))
    .sort((a, b) => b.id - a.id);
  // Of each app's runs of one name, the newest, unless all are asked for.
  const rows = all.filter(
    (row, index) =>
      call.query.get('filter') === 'all' ||
      all.findIndex((one) => one.name === row.name && one.app_id === row.app_id) === index,
  );
  return page(
    call,
    rows,
    (row) => checkRunBody(call.github, row),
    (check_runs) => ({ total_count: rows.length, check_runs }),
  );
}

async function compare(call: RepositoryCall): Promise<Answer> {
  const { github, repository } = call;
  const git = github.git(repository);
  const [baseName, headName] = param(call, 'basehead').split('...');
  const base = git.commit(git.resolve(baseName ?? '') ?? '');
  const head = git.commit(git.resolve(headName ?? '') ?? '');
  if (!base || !head) throw notFound();
  const parted = git.commit(git.mergeBase(base.sha, head.sha) ?? '');
  if (!parted) {
    const problem = notFound();
    problem.message = `No common ancestor between ${baseName} and ${headName}.`;
    throw problem;
  }
  const ahead = beyond(git, head.sha, base.sha);
  const behind = beyond(git, base.sha, head.sha);
  const url = api(github.links, `/repos/${github.fullName(repository)}/compare/${param(call, 'basehead')}`);
  const web = html(github.links, `/${github.fullName(repository)}/compare/${param(call, 'basehead')}`);
  const files = await changedFiles(call, parted.sha, head.sha);
  const render = (row: Commit): Body => commitBody(github, repository, row);
  return page(call, ahead.reverse(), render, (commits) => ({
    url,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: render(base),
    merge_base_commit: render(parted),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits,
    files,
  }));
}

function beyond(git: GitRepository, head: string, base: string): Commit[] {
  const known = new Set([...git.history(base)].map((one) => one.sha));
  return [...git.history(head)].filter((one) => !known.has(one.sha));
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

export async function changedFiles(
  call: RepositoryCall,
  from: string | null,
  to: string,
  most = MOST_FILES,
): Promise<Body[]> {
  const { github, repository } = call;
  const git = github.git(repository);
  const before = from ? (git.commit(from)?.tree ?? null) : null;
  const after = git.commit(to)?.tree ?? null;
  const changed = git.changedFiles(before, after);
  const fullName = github.fullName(repository);
  const list = [
    ...changed.added.map((filename) => ({ filename, status: 'added' })),
    ...changed.modified.map((filename) => ({ filename, status: 'modified' })),
    ...changed.removed.map((filename) => ({ filename, status: 'removed' })),
  ].sort((a, b) => (a.filename < b.filename ? -1 : 1));
  const patches = await patchesOf(git, from ?? EMPTY_TREE, to);
  return list.slice(0, most).map(({ filename, status }) => {
    const tree = status === 'removed' ? before : after;
    const sha = tree ? (git.entryAt(tree, filename)?.sha ?? null) : null;
    const patch = patches.get(filename) ?? '';
    const additions = countLines(patch, '+');
    const deletions = countLines(patch, '-');
    const path = filename.split('/').map(encodeURIComponent).join('/');
    return {
      sha,
      filename,
      status,
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: html(github.links, `/${fullName}/blob/${to}/${path}`),
      raw_url: html(github.links, `/${fullName}/raw/${to}/${path}`),
      contents_url: api(github.links, `/repos/${fullName}/contents/${path}?ref=${to}`),
      ...(patch === '' ? {} : { patch }),
    };
  });
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type Patches = ReadonlyMap<string, string>;
const patchesKnown = new WeakMap<GitRepository, Map<string, Promise<Patches>>>();

/** What lies between two commits never changes, and asking Git for it takes a process. */
function patchesOf(git: GitRepository, from: string, to: string): Promise<Patches> {
  const known = patchesKnown.get(git) ?? new Map<string, Promise<Patches>>();
  patchesKnown.set(git, known);
  const range = `${from}..${to}`;
  const found = known.get(range) ?? askForPatches(git, from, to);
  known.set(range, found);
  found.catch(() => known.delete(range));
  return found;
}

async function askForPatches(git: GitRepository, from: string, to: string): Promise<Patches> {
  const range = ['diff', '--no-color', '--no-renames', '-U3', from, to];
  const { stdout } = await run('git', ['--git-dir', git.folder, '-c', 'core.quotePath=false', ...range], {
    maxBuffer: 1 << 26,
  });
  const patches = new Map<string, string>();
  for (const part of stdout.split(/^diff --git /m).slice(1)) {
    const name = /^(?:\+\+\+ b\/(.+)|--- a\/(.+))$/m;
    const added = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? name.exec(part)?.[2];
    const start = part.indexOf('\n@@');
    if (added && start >= 0) patches.set(added, part.slice(start + 1).replace(/\n$/, ''));
  }
  return patches;
}

function countLines(patch: string, sign: string): number {
  return patch.split('\n').filter((line) => line.startsWith(sign)).length;
}

function sum(files: readonly Body[], field: string): number {
  return files.reduce((total, file) => total + Number(file[field]), 0);
}

function shortBranch(call: RepositoryCall, name: string, sha: string): Body {
  const fullName = call.github.fullName(call.repository);
  const guarded = rulesOn(call.github, call.repository, name).length > 0;
  return {
    name,
    commit: { sha, url: api(call.github.links, `/repos/${fullName}/commits/${sha}`) },
    protected: guarded,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: api(call.github.links, `/repos/${fullName}/branches/${name}/protection`),
  };
}

function getBranch(call: RepositoryCall): Answer {
  const { github, repository } = call;
  const git = github.git(repository);
  const name = param(call, 'branch');
  const sha = git.readRef(`refs/heads/${name}`);
  const row = sha ? git.commit(sha) : undefined;
  if (!sha || !row) {
    const problem = notFound();
    problem.message = 'Branch not found';
    throw problem;
  }
  const fullName = github.fullName(repository);
  return ok({
    ...shortBranch(call, name, sha),
    commit: commitBody(github, repository, row),
    _links: {
      self: api(github.links, `/repos/${fullName}/branches/${name}`),
      html: html(github.links, `/${fullName}/tree/${name}`),
    },
  });
}
