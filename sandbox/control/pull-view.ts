// A pull request as the page shows it: what it changes, line by line, and what the checks of its newest commit say there.
import { diffLines, type DiffLine } from '../line-diff.ts';
import type { ChangedFiles, GitRepository } from '../github/git/repository.ts';
import type { GitHub } from '../github/github.ts';
import { isObject } from '../github/rest/json.ts';
import type { CheckRunRow, IssueRow, PullPart, RepositoryRow } from '../github/rows.ts';
import { renderDocument } from '../markdown.ts';
import { textOf } from './flows-view.ts';

export interface PullView {
  readonly state: 'open' | 'closed' | 'merged';
  /** `owner:branch` where the branch is in a fork. */
  readonly head: string;
  readonly base: string;
  readonly commit: string;
  /** The login of whose fork it is; null for a branch of this repository. */
  readonly forkOf: string | null;
  readonly checks: readonly CheckView[];
  readonly files: readonly PullFileView[];
  readonly moreFiles: number;
}

export interface CheckView {
  readonly id: number;
  readonly name: string;
  readonly app: string;
  /** GitHub's conclusion, or that there is none yet. */
  readonly conclusion: string;
  readonly title: string;
  /** Rendered and sanitised. */
  readonly html: string;
  readonly at: string | null;
  readonly annotations: number;
  readonly actions: readonly CheckActionView[];
}

export interface CheckActionView {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface AnnotationView {
  readonly level: 'notice' | 'warning' | 'failure';
  /** The first and the last line of the changed file. */
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly message: string;
}

export interface PullFileView {
  readonly path: string;
  /** Unchanged is what only annotations speak of. */
  readonly change: 'added' | 'removed' | 'modified' | 'unchanged';
  readonly added: number;
  readonly removed: number;
  /** What is near a change or an annotation; nothing where it is no text. */
  readonly hunks: ReadonlyArray<readonly PullLineView[]>;
  readonly moreLines: number;
  /** Of lines that are not shown. */
  readonly loose: readonly AnnotationView[];
}

export interface PullLineView extends DiffLine {
  readonly notes: readonly AnnotationView[];
}

const mostFiles = 60;
const mostLines = 1000;
const mostAnnotations = 500;
/** Lines shown around what matters. */
const around = 3;

export function pullView(github: GitHub, row: IssueRow, pull: PullPart): PullView {
  const repository = github.repositoryById(row.repository_id);
  const git = github.git(repository);
  const runs = newestRuns(github, repository, pull.head_sha);
  const notes = annotationsOf(runs);
  const after = git.commit(pull.head_sha)?.tree ?? null;
  const before = treeBefore(git, pull);
  const changed = git.changedFiles(before, after);
  const paths = [...kindsOf(changed)];
  const silent = [...notes.keys()].filter((path) => !paths.some(([changedPath]) => changedPath === path));
  const all = [...paths, ...silent.map((path) => [path, 'unchanged'] as const)];
  const owner = pull.fork_owner_id === undefined ? null : github.accountById(pull.fork_owner_id).login;
  return {
    state: pull.merged_at === null ? row.state : 'merged',
    head: owner === null ? pull.head_ref : `${owner}:${pull.head_ref}`,
    base: pull.base_ref,
    commit: pull.head_sha,
    forkOf: owner,
    checks: runs.map((run) => checkView(github, repository, run)),
    files: all.slice(0, mostFiles).map(([path, change]) =>
      fileView({
        path,
        change,
        before: contentAt(git, before, path),
        after: contentAt(git, after, path),
        notes: notes.get(path) ?? [],
      }),
    ),
    moreFiles: Math.max(0, all.length - mostFiles),
  };
}

/** Where the two parted; what is merged is compared with what it was merged into. */
function treeBefore(git: GitRepository, pull: PullPart): string | null {
  const merged = git.commit(pull.merge_commit_sha ?? '');
  const base = merged?.parents[0] ?? git.readRef(`refs/heads/${pull.base_ref}`) ?? pull.base_sha;
  return git.commit(git.mergeBase(base, pull.head_sha) ?? base)?.tree ?? null;
}

function kindsOf(changed: ChangedFiles): ReadonlyMap<string, 'added' | 'removed' | 'modified'> {
  const kinds = new Map<string, 'added' | 'removed' | 'modified'>();
  for (const kind of ['added', 'removed', 'modified'] as const)
    for (const path of changed[kind]) kinds.set(path, kind);
  return new Map([...kinds].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function contentAt(git: GitRepository, tree: string | null, path: string): Buffer | undefined {
  const entry = tree === null ? undefined : git.entryAt(tree, path);
  return entry?.type === 'blob' ? git.object(entry.sha)?.content : undefined;
}

/** One of each name and app: who is asked again makes a new one. */
function newestRuns(github: GitHub, { id }: RepositoryRow, sha: string): CheckRunRow[] {
  const newest = new Map<string, CheckRunRow>();
  for (const run of github.state.checkRuns.all())
    if (run.head_sha === sha && run.repository_id === id) newest.set(`${run.app_id} ${run.name}`, run);
  return [...newest.values()];
}

function checkView(github: GitHub, repository: RepositoryRow, run: CheckRunRow): CheckView {
  return {
    id: run.id,
    name: run.name,
    app: github.appById(run.app_id).name,
    conclusion: run.conclusion ?? 'running',
    title: run.title ?? '',
    html: renderDocument(
      [run.summary ?? '', run.text ?? ''].join('\n\n').trim(),
      github.fullName(repository),
    ),
    at: run.completed_at,
    annotations: run.annotations.length,
    actions: run.actions.flatMap((action) =>
      isObject(action)
        ? [
            {
              label: String(action['label']),
              description: String(action['description']),
              identifier: String(action['identifier']),
            },
          ]
        : [],
    ),
  };
}

function annotationsOf(runs: readonly CheckRunRow[]): ReadonlyMap<string, readonly AnnotationView[]> {
  const found = new Map<string, AnnotationView[]>();
  for (const one of runs.flatMap(({ annotations }) => annotations).slice(0, mostAnnotations)) {
    if (!isObject(one)) continue;
    const path = String(one['path']);
    const level = one['annotation_level'];
    const note: AnnotationView = {
      level: level === 'failure' || level === 'warning' ? level : 'notice',
      from: Number(one['start_line']),
      to: Number(one['end_line']),
      title: String(one['title'] ?? ''),
      message: String(one['message']),
    };
    found.set(path, [...(found.get(path) ?? []), note]);
  }
  return found;
}

interface FileFacts {
  readonly path: string;
  readonly change: PullFileView['change'];
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
  readonly notes: readonly AnnotationView[];
}

function fileView({ path, change, before, after, notes }: FileFacts): PullFileView {
  const [old, now] = [before, after].map((content) => (content ? textOf(content) : ''));
  const isText = typeof old === 'string' && typeof now === 'string';
  const lines = isText ? diffLines(old, now) : [];
  const byLine = lastLines(notes);
  const noted = lines.map((line) => ({ ...line, notes: byLine.get(line.after ?? 0) ?? [] }));
  const near = noted.map((_, at) =>
    noted
      .slice(Math.max(0, at - around), at + around + 1)
      .some((line) => line.kind !== 'same' || line.notes.length > 0),
  );
  const shown = near.flatMap((isNear, at) => (isNear ? [at] : []));
  const hunks: PullLineView[][] = [];
  for (const at of shown.slice(0, mostLines)) {
    const line = noted[at];
    if (!line) continue;
    if (near[at - 1] !== true) hunks.push([]);
    hunks.at(-1)?.push(line);
  }
  const placed = new Set(hunks.flat().flatMap((line) => line.notes));
  return {
    path,
    change,
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
    hunks,
    moreLines: Math.max(0, shown.length - mostLines),
    loose: notes.filter((note) => !placed.has(note)),
  };
}

function lastLines(notes: readonly AnnotationView[]): ReadonlyMap<number, readonly AnnotationView[]> {
  const found = new Map<number, AnnotationView[]>();
  for (const note of notes) found.set(note.to, [...(found.get(note.to) ?? []), note]);
  return found;
}
