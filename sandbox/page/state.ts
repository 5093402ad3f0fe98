/// <reference lib="dom" />
// What the page knows, and who is told when it changes.
import type { FlowsView } from '../control/flows-view.ts';
import type { PersonView } from '../control/persons.ts';
import type { SlackMeView } from '../control/slack-view.ts';
import type { PageView, ThreadView } from '../control/view.ts';
import { get, send } from './ask.ts';
import type { EditSelection } from './drafts.ts';
import { slackQuery } from './slack-place.ts';
import { setOffset } from './times.ts';

/** What the middle shows: an issue by number, a new issue's choice or form, the flows, one of them or its editor, or nothing. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'issue'; readonly number: number }
  | { readonly kind: 'choose' }
  | { readonly kind: 'form'; readonly file: string }
  | { readonly kind: 'flows' }
  | { readonly kind: 'flow'; readonly path: string }
  | EditSelection;

export type Filter = 'open' | 'closed' | 'mine' | 'for-me' | 'active';
export type SideTab = 'targets' | 'ledger' | 'calls' | 'deliveries' | 'trouble';

interface PageState {
  view: PageView | null;
  thread: ThreadView | null;
  /** Of the default branch, or of the pull request whose file is edited. */
  flows: FlowsView | null;
  /** Null for who is not there. */
  slack: SlackMeView | null;
  selection: Selection;
  login: string;
  filter: Filter;
  search: string;
  sideTab: SideTab;
  /** Whether the side shows what is about the chosen issue alone. */
  onlyThis: boolean;
}

export const state: PageState = {
  view: null,
  thread: null,
  flows: null,
  slack: null,
  selection: readHash(),
  login: localStorage.getItem('sandbox-login') ?? 'ann-o',
  filter: 'open',
  search: '',
  sideTab: 'targets',
  onlyThis: false,
};

const listeners: Array<() => void> = [];

export function onChange(listener: () => void): void {
  listeners.push(listener);
}

export function changed(): void {
  for (const listener of listeners) listener();
}

export async function refresh(): Promise<void> {
  state.view = await get<PageView>('view');
  setOffset(state.view.clock.offsetMs);
  // While the past is made nothing is chosen: what waits now is over in a moment.
  if (state.selection.kind === 'none' && location.hash === '' && state.view.past === null)
    selectFirst(state.view);
  const { selection, login } = state;
  const number =
    selection.kind === 'issue' ? selection.number : selection.kind === 'edit' ? selection.pull : null;
  const [thread, flows, slack] = await Promise.all([
    number === null ? null : get<ThreadView>(`issues/${number}`).catch(() => null),
    flowsFor(selection),
    state.view.hasSlack ? get<SlackMeView | null>(slackQuery(login)) : null,
  ]);
  // Whoever went on meanwhile has asked anew.
  if (selection !== state.selection || login !== state.login) return;
  state.thread = thread;
  state.flows = flows;
  state.slack = slack;
  changed();
}

async function flowsFor(selection: Selection): Promise<FlowsView | null> {
  if (selection.kind !== 'flows' && selection.kind !== 'flow' && selection.kind !== 'edit') return null;
  const pull = selection.kind === 'edit' && selection.pull !== null ? `?pull=${selection.pull}` : '';
  return get<FlowsView>(`flows${pull}`).catch(() => null);
}

/** What waits for somebody first: that is what a visitor can do something about. */
function selectFirst(view: PageView): void {
  const newest =
    view.issues.find((issue) => issue.standing?.waitsFor.includes('bob-l')) ??
    view.issues.find((issue) => issue.state === 'open') ??
    view.issues[0];
  if (newest) state.selection = { kind: 'issue', number: newest.number };
}

export function actor(): PersonView | undefined {
  return state.view?.people.find((person) => person.login === state.login) ?? state.view?.people[0];
}

export function actAs(login: string): void {
  state.login = login;
  localStorage.setItem('sandbox-login', login);
  state.slack = null;
  changed();
  if (state.view?.hasSlack) void refresh();
}

/** Performs an act as the chosen person; the page then shows what came of it. */
export async function perform<T = unknown>(
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<T | undefined> {
  const result = await send<T>('act', { ...input, do: name, as: state.login });
  if (result !== undefined) await refresh();
  return result;
}

/** A file may be called anything. */
export function show(place: string): void {
  const hash = `#${encodeURI(place)}`;
  if (location.hash === hash) return void followHash();
  location.hash = hash;
}

/** Opens a tab of the side, and the side itself on a narrow screen. */
export function showTab(tab: SideTab): void {
  state.sideTab = tab;
  document.body.classList.add('behind');
  showPane(tab);
}

export function followHash(): void {
  state.selection = readHash();
  // Those that are known may be of another branch.
  state.flows = null;
  if (state.selection.kind !== 'none') showPane('thread');
  void refresh();
}

/** On a narrow screen one pane is seen at a time. */
export function showPane(name: string): void {
  document.body.dataset['pane'] = name;
  changed();
}

function readHash(): Selection {
  const hash = decodeURIComponent(location.hash.slice(1));
  const number = /^issue-(\d+)$/.exec(hash)?.[1];
  if (number) return { kind: 'issue', number: Number(number) };
  if (hash === 'new') return { kind: 'choose' };
  if (hash === 'flows') return { kind: 'flows' };
  if (hash === 'add-flow') return { kind: 'edit', path: null, pull: null };
  const [, added] = /^add-(\d+)$/.exec(hash) ?? [];
  if (added !== undefined) return { kind: 'edit', path: null, pull: Number(added) };
  const [, flow] = /^flow\/(.+)$/.exec(hash) ?? [];
  if (flow !== undefined) return { kind: 'flow', path: flow };
  const [, pull, path] = /^edit(?:-(\d+))?\/(.+)$/.exec(hash) ?? [];
  if (path !== undefined) return { kind: 'edit', path, pull: pull === undefined ? null : Number(pull) };
  const file = /^new-(.+)$/.exec(hash)?.[1];
  return file ? { kind: 'form', file } : { kind: 'none' };
}
