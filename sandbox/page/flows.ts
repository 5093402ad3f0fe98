/// <reference lib="dom" />
// The flows: which files there are, what each says, and ways to change one.
import type { ProposableBranch } from '../github/actions/proposable.ts';
import type { FlowFileView, FlowsView } from '../control/flows-view.ts';
import { byId, h } from './dom.ts';
import { freeBranch, startDraft } from './drafts.ts';
import { renderEditor } from './flow-editor.ts';
import { changedBy, flowExamples, type FlowExample } from './flow-examples.ts';
import { perform, show, state } from './state.ts';
import { forgetThread } from './thread.ts';
import { tick } from './tour.ts';

let shown = '';

export function renderFlows(): void {
  const { selection, flows } = state;
  if (selection.kind !== 'flows' && selection.kind !== 'flow' && selection.kind !== 'edit') {
    shown = '';
    return;
  }
  if (!flows) return;
  if (selection.kind === 'edit') {
    shown = '';
    forgetThread();
    return renderEditor(flows, selection);
  }
  const place = selection.kind === 'flow' ? selection.path : '';
  const key = JSON.stringify([place, flows.commit, flows.proposable]);
  if (shown !== key) {
    shown = key;
    forgetThread();
    byId('thread').replaceChildren(
      selection.kind === 'flow' ? fileNode(flows, selection.path) : overview(flows),
    );
    byId('thread').scrollTop = 0;
  }
}

function overview(flows: FlowsView): HTMLElement {
  return h(
    'div',
    { class: 'flows' },
    h('h2', {}, 'Flows'),
    h(
      'p',
      { class: 'muted' },
      'Who may ask for what, and who decides, stands in these files. A change is proposed by pull request, and the app says what it would do to people before it is in force.',
    ),
    ...flows.proposable.map(branchRow),
    h(
      'div',
      { class: 'examples', role: 'group', 'aria-label': 'Examples' },
      ...flowExamples.map((example) => exampleCard(flows, example)),
    ),
    h('ul', { class: 'form-list' }, ...flows.files.map(fileRow)),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => show('add-flow') }, 'New file'),
    ),
  );
}

/** A branch that somebody pushed and that waits for its pull request. */
function branchRow({ branch, subject, author }: ProposableBranch): HTMLElement {
  const title = h('input', {
    type: 'text',
    required: true,
    maxlength: 200,
    value: subject,
    'aria-label': `Title of the pull request for ${branch}`,
  });
  return h(
    'form',
    {
      class: 'pushed',
      'aria-label': `Branch ${branch}`,
      onsubmit: (event) => {
        event.preventDefault();
        void openPullFor(branch, title.value);
      },
    },
    h('p', {}, h('code', { class: 'branch' }, branch), ` has changes of ${author}, and no pull request yet.`),
    title,
    h('button', { type: 'submit', class: 'primary' }, 'Open a pull request'),
  );
}

async function openPullFor(branch: string, title: string): Promise<void> {
  const made = await perform<{ number: number }>('openPullFor', { branch, title });
  if (!made) return;
  tick('flow');
  show(`issue-${made.number}`);
}

/** Opens the editor with the change made, for somebody to look at and propose. */
function exampleCard(flows: FlowsView, example: FlowExample): HTMLElement {
  const text = flows.files.find(({ path }) => path === example.path)?.text ?? '';
  const changed = changedBy(example, text);
  return h(
    'button',
    {
      type: 'button',
      class: 'example',
      disabled: changed === undefined,
      title: changed === undefined ? `${example.path} is not like that any more` : null,
      onclick: () => {
        if (changed === undefined) return;
        startDraft(flows, { path: example.path, text: changed, title: example.title });
        show(`edit/${example.path}`);
      },
    },
    h('b', {}, example.label),
    h('span', {}, example.tells),
  );
}

function fileRow(file: FlowFileView): HTMLElement {
  const isScenarios = file.path.endsWith('.test.yml');
  return h(
    'li',
    { class: isScenarios ? 'scenarios' : null },
    h(
      'a',
      { href: encodeURI(`#flow/${file.path}`), class: 'form-row' },
      h('b', {}, file.path.replace(/^flows\//, '')),
      h('span', {}, aboutOf(file)),
      h('span', { class: 'go', 'aria-hidden': 'true' }, '→'),
    ),
  );
}

/** What the file says of itself: a flow its label, another its first remark. */
function aboutOf({ path, text }: FlowFileView): string {
  if (text === null) return 'Too long to be shown here';
  const label = /^label: *(.+)$/m.exec(text)?.[1];
  const remark = /^# (?!yaml-language-server)(.+?\.)(?:\s|$)/m.exec(text)?.[1];
  if (path.endsWith('.test.yml')) {
    const count = text.match(/^ *- name: /gm)?.length ?? 0;
    return count === 0 ? 'Scenarios' : `${count} scenario${count === 1 ? '' : 's'} of it`;
  }
  return label ?? remark ?? '';
}

function fileNode(flows: FlowsView, path: string): HTMLElement {
  const file = flows.files.find((one) => one.path === path);
  if (!file) return h('p', { class: 'empty' }, `There is no ${path} on ${flows.branch}.`);
  return h(
    'div',
    { class: 'flows' },
    h('p', { class: 'crumbs' }, h('a', { href: '#flows' }, 'Flows'), ' / '),
    h(
      'div',
      { class: 'file-head' },
      h('h2', {}, path.replace(/^flows\//, '')),
      h('button', { type: 'button', onclick: () => void remove(flows, path) }, 'Delete'),
      file.text === null
        ? null
        : h('button', { type: 'button', class: 'primary', onclick: () => show(`edit/${path}`) }, 'Edit'),
    ),
    file.text === null
      ? h('p', { class: 'empty' }, 'It is no text, or too long to be shown here.')
      : h(
          'div',
          { class: 'code', tabindex: 0, role: 'group', 'aria-label': path },
          ...file.text.replace(/\n$/, '').split('\n').map(codeLine),
        ),
  );
}

function codeLine(text: string, at: number): HTMLElement {
  return h(
    'div',
    { class: 'code-line' },
    h('span', { class: 'line-number', 'data-number': at + 1, 'aria-hidden': 'true' }),
    h('code', {}, text === '' ? ' ' : text),
  );
}

/** A proposal too: the file stays until somebody merges. */
async function remove(flows: FlowsView, path: string): Promise<void> {
  const name = path.replace(/^.*\//, '');
  const made = await perform<{ number: number }>('proposeChange', {
    title: `Delete ${name}`,
    branch: freeBranch(flows, `delete-${name.replace(/\.ya?ml$/, '')}`),
    from: flows.commit,
    files: { [path]: null },
  });
  if (!made) return;
  tick('flow');
  show(`issue-${made.number}`);
}
