/// <reference lib="dom" />
// The editor of a file of the flows: its text, and what is needed to propose it or to push it to a pull request.
import type { FlowsView } from '../control/flows-view.ts';
import type { AnnotationView, PullView } from '../control/pull-view.ts';
import { notify } from './ask.ts';
import { codeArea, type CodeArea } from './code-area.ts';
import { byId, h } from './dom.ts';
import { draftOf, dropDraft, followName, keyOf, type Draft, type EditSelection } from './drafts.ts';
import { missingScenarios } from './new-file.ts';
import { actAs, actor, perform, show, state } from './state.ts';
import { tick } from './tour.ts';

let shown = '';

export function renderEditor(flows: FlowsView, selection: EditSelection): void {
  const root = byId('thread');
  // Only with its files at hand is it known what a pull request lacks.
  if (selection.path === null && selection.pull !== null && !state.thread?.pull) return;
  const draft = draftOf(flows, selection, missingScenarios(state.thread?.pull?.files ?? []));
  if (!draft) {
    shown = '';
    return root.replaceChildren(
      h('p', { class: 'empty' }, `There is no ${selection.path} on ${flows.branch}.`),
    );
  }
  const key = `${keyOf(selection)} ${draft.from}`;
  if (shown !== key || !root.querySelector('.flow-editor')) {
    shown = key;
    root.replaceChildren(editor(flows, selection, draft));
    root.scrollTop = 0;
  }
  renderFoot(root, selection, draft);
}

function editor(flows: FlowsView, selection: EditSelection, draft: Draft): HTMLElement {
  const { path, pull } = selection;
  const { nodes, title, branch } = fields(selection, draft);
  const notes = notesOf(path);
  const isNew = path === null;
  const area = codeArea('Text of the file', draft.text, {
    was: draft.was ?? draft.begins,
    marked: new Set(notes.map(({ to }) => to)),
    onInput: (text) => {
      draft.text = text;
      renderFoot(byId('thread'), selection, draft);
    },
  });
  const name = h('input', {
    type: 'text',
    value: draft.path,
    placeholder: 'flows/what-it-gives.yml',
    oninput: () => {
      draft.path = name.value.trim();
      followName(flows, draft);
      title.value = draft.title;
      branch.value = draft.branch;
      area.write(draft.text);
      renderFoot(byId('thread'), selection, draft);
    },
  });
  return h(
    'form',
    {
      class: 'flows flow-editor',
      onsubmit: (event) => {
        event.preventDefault();
        void propose(selection, draft);
      },
    },
    h(
      'p',
      { class: 'crumbs' },
      pull === null
        ? h('a', { href: '#flows' }, 'Flows')
        : h('a', { href: `#issue-${pull}` }, `Pull request #${pull}`),
      ' / ',
    ),
    h('h2', {}, isNew ? 'New file' : path.replace(/^flows\//, '')),
    isNew ? h('label', { class: 'field' }, h('span', { class: 'field-label' }, 'Its place'), name) : null,
    notes.length > 0 ? noteList(notes, area) : null,
    area.node,
    h('p', { class: 'hint' }, h('small', {}, 'Tab indents. To leave the text by keyboard: Esc, then Tab.')),
    ...nodes,
    h('div', { class: 'editor-foot' }),
  );
}

interface Fields {
  readonly nodes: readonly HTMLElement[];
  readonly title: HTMLInputElement;
  readonly branch: HTMLInputElement;
}

function fields(selection: EditSelection, draft: Draft): Fields {
  const { pull } = selection;
  const title = h('input', {
    type: 'text',
    required: true,
    maxlength: 200,
    value: draft.title,
    oninput: () => {
      draft.title = title.value;
      draft.written.add('title');
    },
  });
  const branch = h('input', {
    type: 'text',
    required: true,
    value: draft.branch,
    oninput: () => {
      draft.branch = branch.value.trim();
      draft.written.add('branch');
      renderFoot(byId('thread'), selection, draft);
    },
  });
  const field = (label: string, input: HTMLElement, more = ''): HTMLElement =>
    h('label', { class: `field ${more}` }, h('span', { class: 'field-label' }, label), input);
  return {
    title,
    branch,
    nodes: [
      h(
        'div',
        { class: 'editor-fields' },
        field(pull === null ? 'Title of the pull request' : 'What changes', title),
        pull === null ? field('New branch', branch, 'branch-field') : h('span'),
      ),
    ],
  };
}

/** What the newest check says about this file, to go to. */
function notesOf(path: string | null): readonly AnnotationView[] {
  const file = state.thread?.pull?.files.find((one) => one.path === path);
  return file ? [...file.hunks.flat().flatMap(({ notes }) => notes), ...file.loose] : [];
}

function noteList(notes: readonly AnnotationView[], area: CodeArea): HTMLElement {
  return h(
    'ul',
    { class: 'note-list' },
    ...notes.map(({ level, to, message }) =>
      h(
        'li',
        { class: level },
        h('button', { type: 'button', class: 'small', onclick: () => area.goTo(to) }, `Line ${to}`),
        h('span', {}, message),
      ),
    ),
  );
}

/** What depends on who one is, and on whether anything changed. */
function renderFoot(root: HTMLElement, selection: EditSelection, draft: Draft): void {
  const you = actor();
  const foot = root.querySelector('.editor-foot');
  if (!you || !foot) return;
  const pull = selection.pull === null ? null : (state.thread?.pull ?? null);
  const pushers = pull === null ? null : whoMayPush(pull);
  const isBarred = pushers !== null && !pushers.includes(you.login);
  const isSame = draft.text === (draft.was ?? '') || draft.path === '';
  const isFork = selection.pull === null && !you.mayPush;
  const isPushed = selection.pull === null && !isFork && hasNoPull(draft.branch);
  root.querySelector('.branch-field')?.toggleAttribute('hidden', isFork);
  foot.replaceChildren(
    h(
      'p',
      { class: 'muted' },
      ...(isBarred
        ? barred(pull, pushers)
        : isFork
          ? [`${you.name} may not push here: it comes from a fork, as anybody may propose.`]
          : isPushed
            ? [
                `There is a branch called ${draft.branch} already: choose another name, or `,
                h('a', { href: '#flows' }, 'open a pull request for it'),
                '.',
              ]
            : []),
    ),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => leave(selection) }, 'Discard'),
      h(
        'button',
        { type: 'submit', class: 'primary', disabled: isSame || isBarred },
        pull === null ? `Propose change as ${you.name}` : `Push to ${pull.head} as ${you.name}`,
      ),
    ),
  );
}

function hasNoPull(branch: string): boolean {
  return state.flows?.proposable.some((one) => one.branch === branch) ?? false;
}

/** Logins; a fork is its owner's alone. */
function whoMayPush({ forkOf }: PullView): readonly string[] {
  if (forkOf !== null) return [forkOf];
  return (state.view?.people ?? []).filter(({ mayPush }) => mayPush).map(({ login }) => login);
}

function barred(pull: PullView | null, pushers: readonly string[]): Array<HTMLElement | string> {
  const [login] = pushers;
  const first = state.view?.people.find((one) => one.login === login);
  const why = pull?.forkOf ? 'Its branch is in a fork, and not yours. ' : 'You may not push to its branch. ';
  if (first === undefined) return [why];
  return [
    why,
    h(
      'button',
      { type: 'button', class: 'small', onclick: () => actAs(first.login) },
      `Act as ${first.name.split(' ')[0]}`,
    ),
  ];
}

async function propose(selection: EditSelection, draft: Draft): Promise<void> {
  const { pull } = selection;
  const { path, text, title, branch, from } = draft;
  if (!/^flows\/([\w-][\w.-]*\/)*[\w-][\w.-]*\.yml$/.test(path))
    return notify('A file of the flows is called flows/NAME.yml.');
  if (selection.path === null && state.flows?.files.some((file) => file.path === path))
    return notify(`There is a ${path} already. Choose another name, or edit that one.`);
  const files = { [path]: text === '' || text.endsWith('\n') ? text : `${text}\n` };
  const made =
    pull === null
      ? await perform<{ number: number }>('proposeChange', { title, branch, from, files })
      : await perform<{ number: number }>('pushToPull', { number: pull, message: title, from, files });
  if (!made) return;
  tick('flow');
  dropDraft(selection);
  show(`issue-${pull ?? made.number}`);
}

function leave(selection: EditSelection): void {
  const { pull, path } = selection;
  dropDraft(selection);
  shown = '';
  show(pull !== null ? `issue-${pull}` : path === null ? 'flows' : `flow/${path}`);
}
