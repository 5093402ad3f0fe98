/// <reference lib="dom" />
// The desk's issues, newest first, and the ways to find one among many.
import type { IssueSummary } from '../control/view.ts';
import { byId, h } from './dom.ts';
import { standingChip } from './standing.ts';
import { changed, show, state, type Filter } from './state.ts';
import { ago } from './times.ts';

const filters: ReadonlyArray<{
  readonly id: Filter;
  readonly label: string;
  readonly has: (issue: IssueSummary) => boolean;
  readonly empty: string;
}> = [
  {
    id: 'open',
    label: 'Open',
    has: ({ state }) => state === 'open',
    empty: 'No open issues. Ask for something.',
  },
  {
    id: 'for-me',
    label: 'For me',
    has: ({ standing }) => standing?.waitsFor.includes(state.login) ?? false,
    empty: 'Nothing waits for you. Be somebody else: click on a face with a number.',
  },
  {
    id: 'mine',
    label: 'Mine',
    has: ({ author, standing }) => author === state.login || standing?.requester === state.login,
    empty: 'You have asked for nothing yet.',
  },
  {
    id: 'active',
    label: 'Active',
    has: ({ standing }) => standing?.status === 'active' || standing?.status === 'ending',
    empty: 'Nobody has any access now.',
  },
  { id: 'closed', label: 'Closed', has: ({ state }) => state === 'closed', empty: 'Nothing closed yet.' },
];

/** What changes under one's hands; how much there is of the others says little. */
const counted: ReadonlySet<Filter> = new Set(['for-me', 'active']);

/** What the filter and the search leave, in order. */
export function shownIssues(): readonly IssueSummary[] {
  const filter = filters.find(({ id }) => id === state.filter) ?? filters[0];
  const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  return (state.view?.issues ?? []).filter((issue) => filter?.has(issue) && matches(issue, words));
}

function matches({ number, title, author, standing }: IssueSummary, words: readonly string[]): boolean {
  const who = standing?.requester ?? author;
  const name = state.view?.people.find(({ login }) => login === who)?.name ?? '';
  const text =
    `#${number} ${title} ${author} ${who} ${name} ${standing?.what ?? ''} ${standing?.status ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function renderIssueList(): void {
  const root = byId('issues');
  if (!root.querySelector('.list-head')) {
    root.replaceChildren(head(), h('div', { class: 'list-body' }));
  }
  const counts = new Map(filters.map(({ id, has }) => [id, (state.view?.issues ?? []).filter(has).length]));
  root
    .querySelector('.filters')
    ?.replaceChildren(...filters.map(({ id, label }) => filterButton(id, label, counts.get(id) ?? 0)));
  const shown = shownIssues();
  const empty =
    state.search.trim() === ''
      ? filters.find(({ id }) => id === state.filter)?.empty
      : `Nothing found for “${state.search.trim()}”.`;
  const body = root.querySelector('.list-body');
  const { scrollTop } = root;
  body?.replaceChildren(
    shown.length === 0
      ? h('p', { class: 'empty' }, empty ?? '')
      : h('ul', { class: 'issue-list' }, ...shown.map(row)),
  );
  root.scrollTop = scrollTop;
}

function head(): HTMLElement {
  const search = h('input', {
    type: 'search',
    class: 'search',
    placeholder: 'Search   /',
    'aria-label': 'Search issues',
    oninput: () => {
      state.search = search.value;
      changed();
    },
  });
  return h(
    'div',
    { class: 'list-head' },
    h(
      'div',
      { class: 'list-tools' },
      search,
      h('button', { type: 'button', onclick: () => show('flows') }, 'Flows'),
      h('button', { type: 'button', class: 'primary', onclick: () => show('new') }, 'New issue'),
    ),
    h('div', { class: 'tabs filters', role: 'group', 'aria-label': 'Show' }),
  );
}

function filterButton(id: Filter, label: string, count: number): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      'aria-pressed': String(state.filter === id),
      class: id === 'for-me' && count > 0 ? 'calls-you' : null,
      onclick: () => {
        state.filter = id;
        changed();
      },
    },
    label,
    counted.has(id) ? h('span', { class: 'count' }, String(count)) : null,
  );
}

function row(issue: IssueSummary): HTMLElement {
  const { selection } = state;
  const current = selection.kind === 'issue' && selection.number === issue.number;
  return h(
    'li',
    {},
    h(
      'a',
      { href: `#issue-${issue.number}`, class: 'issue-row', 'aria-current': current ? 'true' : null },
      h('span', {
        class: `dot ${issue.state}${issue.isPull ? ' of-pull' : ''}`,
        title: issue.state,
        'aria-label': issue.state,
      }),
      h(
        'span',
        { class: 'issue-text' },
        h('span', { class: 'issue-title' }, issue.title),
        h(
          'small',
          { class: 'issue-by' },
          `#${issue.number}${issue.isPull ? ' pull request' : ''} · ${issue.author} · `,
          ago(issue.createdAt),
        ),
        h(
          'span',
          { class: 'labels' },
          issue.standing ? standingChip(issue.standing) : null,
          ...issue.labels.map(labelChip),
        ),
      ),
      issue.comments > 0 && h('span', { class: 'bubble', title: 'comments' }, String(issue.comments)),
    ),
  );
}

export function labelChip(label: { readonly name: string; readonly color: string }): HTMLElement {
  const chip = h('span', { class: 'label' }, label.name);
  if (label.color !== 'ededed') chip.style.setProperty('--label', `#${label.color}`);
  return chip;
}
