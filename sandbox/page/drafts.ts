// What somebody has written into the editor and not pushed yet: kept while they look at something else.
import type { FlowsView } from '../control/flows-view.ts';
import { newFlow, newScenarios, wordsFor } from './new-file.ts';

export interface Draft {
  /** Empty for a new file that has no name yet. */
  path: string;
  text: string;
  /** Of the pull request, or of the further commit. */
  title: string;
  branch: string;
  /** What no longer follows the file's name, because somebody wrote it. */
  readonly written: Set<'title' | 'branch'>;
  /** What the editor began with. */
  begins: string;
  /** What the file held when the editor was opened; null for a new one. */
  readonly was: string | null;
  /** The commit it was read from. */
  readonly from: string;
}

/** What the middle shows when it shows the editor: a file's path, null for a new one, and the pull request it is of. */
export interface EditSelection {
  readonly kind: 'edit';
  readonly path: string | null;
  readonly pull: number | null;
}

const drafts = new Map<string, Draft>();

/** Undefined where there is no such file to edit. `suggested` is where a new file of a pull request may go. */
export function draftOf(flows: FlowsView, selection: EditSelection, suggested = ''): Draft | undefined {
  const { path } = selection;
  const known = drafts.get(keyOf(selection));
  // Where nothing is written yet, it is what the branch holds by now.
  if (known && (isTouched(known, path ?? suggested) || known.from === flows.commit)) return known;
  const was = path === null ? null : flows.files.find((file) => file.path === path)?.text;
  if (was === undefined || (path !== null && was === null)) return undefined;
  const text = was ?? beginningOf(suggested);
  const draft: Draft = {
    path: path ?? suggested,
    text,
    title: path === null ? '' : `Change ${path.replace(/^.*\//, '')}`,
    branch: '',
    written: new Set(path === null ? [] : ['title']),
    begins: text,
    was,
    from: flows.commit,
  };
  followName(flows, draft);
  drafts.set(keyOf(selection), draft);
  return draft;
}

function isTouched({ text, begins, path, written }: Draft, began: string): boolean {
  return text !== begins || path !== began || written.has('branch');
}

function beginningOf(path: string): string {
  return path.endsWith('.test.yml') ? newScenarios : newFlow;
}

/** Title and branch are called after the file until somebody calls them otherwise; so is what it begins with. */
export function followName(flows: FlowsView, draft: Draft): void {
  if (draft.was === null && draft.text === draft.begins) draft.text = draft.begins = beginningOf(draft.path);
  const { title, branch } = wordsFor(draft.path);
  if (!draft.written.has('title')) draft.title = title;
  if (!draft.written.has('branch')) draft.branch = freeBranch(flows, branch);
}

/** With a change already made, in place of what was there. */
export function startDraft(
  flows: FlowsView,
  { path, text, title }: { readonly path: string; readonly text: string; readonly title: string },
): void {
  const selection = { kind: 'edit', path, pull: null } as const;
  drafts.delete(keyOf(selection));
  const draft = draftOf(flows, selection);
  if (draft) Object.assign(draft, { text, title });
}

export function dropDraft(selection: EditSelection): void {
  drafts.delete(keyOf(selection));
}

export function keyOf({ path, pull }: EditSelection): string {
  return `${pull ?? ''} ${path ?? ''}`;
}

/** The first that nobody has taken: `vault`, `vault-2`. */
export function freeBranch({ branches }: FlowsView, wanted: string): string {
  let name = wanted;
  for (let next = 2; branches.includes(name); next += 1) name = `${wanted}-${next}`;
  return name;
}
