/// <reference lib="dom" />
// The ledger as a diary: a sentence for each entry, the lines behind it, and the question whether a forged one is noticed.
import type { LedgerView, PageView } from '../control/view.ts';
import { h } from './dom.ts';
import { forgeryBox } from './forgery.ts';
import { onlyThisBox } from './only-this.ts';
import { state } from './state.ts';
import { ago } from './times.ts';

const open = new Set<string>();

export function ledger(view: PageView): HTMLElement[] {
  if (view.ledger.length === 0)
    return [h('p', { class: 'muted' }, 'No entry yet. The branch begins with the first request.')];
  const { selection } = state;
  const chosen = state.onlyThis && selection.kind === 'issue' ? selection.number : undefined;
  const shown = view.ledger.filter(
    ({ sentences }) => chosen === undefined || sentences.some(({ issue }) => issue === chosen),
  );
  return [
    forgeryBox(view),
    onlyThisBox(),
    shown.length === 0
      ? h('p', { class: 'muted' }, `Nothing about this issue among the last ${view.ledger.length} commits.`)
      : h('ol', { class: 'commits' }, ...shown.map(commit)),
    h(
      'p',
      { class: 'muted' },
      `${view.ledgerSize} entries in all; the last ${view.ledger.length} commits are shown.`,
    ),
  ];
}

function commit(row: LedgerView): HTMLElement {
  const isForged = state.view?.forgery?.sha === row.sha;
  return h(
    'li',
    { class: isForged ? 'forged' : null },
    h(
      'details',
      {
        open: open.has(row.sha),
        ontoggle: (event) => {
          if (!(event.target instanceof HTMLDetailsElement)) return;
          if (event.target.open) open.add(row.sha);
          else open.delete(row.sha);
        },
      },
      h(
        'summary',
        { 'data-key': row.sha },
        ...row.sentences.map(({ text, issue }) =>
          h(
            'span',
            { class: 'subject' },
            text,
            issue === null ? null : h('a', { href: `#issue-${issue}`, class: 'issue-link' }, ` #${issue}`),
          ),
        ),
        h(
          'small',
          {},
          h('code', {}, row.sha.slice(0, 7)),
          ' ',
          ago(row.at),
          row.verified
            ? h(
                'span',
                {
                  class: 'verified',
                  title: 'Signed with the sandbox’s own key, which it serves at /web-flow.gpg',
                },
                'Verified',
              )
            : h(
                'span',
                { class: 'unverified', title: 'Pushed by a person: no signature' },
                `by ${row.author}`,
              ),
        ),
      ),
      ...row.added.flatMap(({ path, lines }) => [
        h('p', { class: 'path' }, path),
        ...lines.map((line) => h('pre', { class: 'line' }, ...entry(line))),
      ]),
      h('pre', { class: 'trailers' }, row.message.trim()),
    ),
  );
}

function entry(line: string): Array<HTMLElement | string> {
  try {
    const { type, ...others }: { type?: string } = JSON.parse(line);
    if (!type) return [line];
    return [h('b', {}, type), `\n${JSON.stringify(others, null, 1).replace(/^\{\n?|\n?\}$/g, '')}`];
  } catch {
    return [line];
  }
}
