/// <reference lib="dom" />
// The desk's issues, newest first.
import type { IssueSummary } from '../control/view.ts';
import { ago, byId, h } from './dom.ts';
import { changed, show, state } from './state.ts';

export function renderIssueList(): void {
  const issues = state.view?.issues ?? [];
  const shown = issues.filter((issue) => issue.state === state.filter);
  byId('issues').replaceChildren(
    h(
      'div',
      { class: 'list-head' },
      h(
        'div',
        { class: 'tabs', role: 'group', 'aria-label': 'State' },
        filterButton('open'),
        filterButton('closed'),
      ),
      h('button', { type: 'button', class: 'primary', onclick: () => show('new') }, 'New issue'),
    ),
    shown.length === 0
      ? h(
          'p',
          { class: 'empty' },
          state.filter === 'open' ? 'No open issues. Ask for something.' : 'Nothing closed yet.',
        )
      : h('ul', { class: 'issue-list' }, ...shown.map(row)),
  );
}

function filterButton(filter: 'open' | 'closed'): HTMLElement {
  const count = (state.view?.issues ?? []).filter((issue) => issue.state === filter).length;
  return h(
    'button',
    {
      type: 'button',
      'aria-pressed': String(state.filter === filter),
      onclick: () => {
        state.filter = filter;
        changed();
      },
    },
    filter === 'open' ? 'Open' : 'Closed',
    h('span', { class: 'count' }, String(count)),
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
      h('span', { class: `dot ${issue.state}`, title: issue.state, 'aria-label': issue.state }),
      h(
        'span',
        { class: 'issue-text' },
        h('span', { class: 'issue-title' }, issue.title),
        h(
          'small',
          {},
          `#${issue.number}${issue.isPull ? ' pull request' : ''} · ${issue.author} · `,
          ago(issue.createdAt),
        ),
        issue.labels.length > 0 && h('span', { class: 'labels' }, ...issue.labels.map(labelChip)),
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
