/// <reference lib="dom" />
// The files of a pull request, line by line, with what the check says under the lines that it speaks of.
import type { AnnotationView, PullFileView, PullLineView, PullView } from '../control/pull-view.ts';
import { h } from './dom.ts';
import { perform, show } from './state.ts';

export function fileList(number: number, pull: PullView): HTMLElement[] {
  const { files, moreFiles } = pull;
  return [
    ...files.map((file) => fileBox(number, pull, file)),
    ...(moreFiles > 0
      ? [h('p', { class: 'muted' }, `And ${moreFiles} more files, which are not shown.`)]
      : []),
    ...(pull.state === 'open' ? [addButton(number)] : []),
  ];
}

/** To the same branch: the scenarios of a new flow, say. */
function addButton(number: number): HTMLElement {
  const open = (): void => show(`add-${number}`);
  return h(
    'p',
    { class: 'buttons' },
    h('button', { type: 'button', class: 'small', onclick: open }, 'Add a file'),
  );
}

const words = { added: 'new', removed: 'deleted', modified: '', unchanged: 'not changed here' } as const;

function fileBox(number: number, pull: PullView, file: PullFileView): HTMLElement {
  const { path, change, added, removed, hunks, moreLines, loose } = file;
  const isThere = change !== 'removed' && (change !== 'unchanged' || hunks.length > 0);
  const isEditable = pull.state === 'open' && isThere && path.startsWith('flows/');
  return h(
    'section',
    { class: 'box file', 'aria-label': path },
    h(
      'header',
      {},
      h('b', { class: 'file-path' }, path),
      words[change] === '' ? null : h('span', { class: 'tag' }, words[change]),
      h('span', { class: 'spring' }),
      added > 0 ? h('span', { class: 'plus' }, `+${added}`) : null,
      removed > 0 ? h('span', { class: 'minus' }, `−${removed}`) : null,
      ...(isEditable ? editButtons(number, pull, file) : []),
    ),
    ...loose.map((note) => noteBox(note, `Line ${note.from}`)),
    h(
      'div',
      { class: 'diff' },
      ...hunks.flatMap((lines, at) => [
        ...(at > 0 ? [h('div', { class: 'gap' }, '⋯')] : []),
        ...lines.flatMap(lineRow),
      ]),
    ),
    hunks.length === 0 && loose.length === 0
      ? h('p', { class: 'muted file-note' }, 'There is nothing to be shown of it.')
      : null,
    moreLines > 0
      ? h('p', { class: 'muted file-note' }, `And ${moreLines} more lines, which are not shown.`)
      : null,
  );
}

function editButtons(number: number, { commit }: PullView, { path, change }: PullFileView): HTMLElement[] {
  const button = (label: string, act: () => void): HTMLElement =>
    h('button', { type: 'button', class: 'small', 'aria-label': `${label} ${path}`, onclick: act }, label);
  const message = `Delete ${path.replace(/^.*\//, '')}`;
  const remove = (): void =>
    void perform('pushToPull', { number, message, from: commit, files: { [path]: null } });
  // Scenarios whose flow this pull request deletes, say.
  return [
    ...(change === 'unchanged' ? [button('Delete', remove)] : []),
    button('Edit', () => show(`edit-${number}/${path}`)),
  ];
}

const signs = { same: ' ', added: '+', removed: '−' } as const;

function lineRow({ kind, before, after, text, notes }: PullLineView): HTMLElement[] {
  const row = h(
    'div',
    { class: `diff-line ${kind}` },
    h('span', { class: 'line-number', 'data-number': before, 'aria-hidden': 'true' }),
    h('span', { class: 'line-number', 'data-number': after, 'aria-hidden': 'true' }),
    h('span', { class: 'diff-sign' }, signs[kind]),
    h('code', {}, text === '' ? ' ' : text),
  );
  return [row, ...notes.map((note) => noteBox(note, ''))];
}

const levels = { failure: 'Error', warning: 'Warning', notice: 'Notice' } as const;

function noteBox({ level, title, message }: AnnotationView, where: string): HTMLElement {
  return h(
    'div',
    { class: `note ${level}`, role: 'note' },
    h(
      'p',
      { class: 'note-head' },
      h('b', {}, levels[level]),
      title === '' ? null : h('code', {}, title),
      where === '' ? null : h('small', {}, where),
    ),
    h('p', { class: 'note-text' }, message),
  );
}
