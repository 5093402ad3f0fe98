/// <reference lib="dom" />
// The form that an app opened, over everything else in Slack: what is typed in it stays, whatever the app changes around it.
import { h } from './dom.ts';
import { slackAct, slackAsk } from './slack-act.ts';
import { blockNode } from './slack-blocks.ts';
import type { Actor } from './slack-elements.ts';
import { inputNode } from './slack-inputs.ts';
import { inside, isJson, listIn, textIn, wordsIn, type Json } from './slack-json.ts';
import type { Chosen } from './slack-picker.ts';
import { changed, state } from './state.ts';

interface Draft {
  readonly answers: Map<string, Chosen>;
  errors: Readonly<Record<string, string>>;
  /** What Slack says of the form as a whole. */
  trouble: string;
  isBusy: boolean;
}

const drafts = new Map<string, Draft>();
let drawn = '';

function draftOf(view: string): Draft {
  const known = drafts.get(view) ?? { answers: new Map(), errors: {}, trouble: '', isBusy: false };
  drafts.set(view, known);
  return known;
}

export function renderModal(root: HTMLElement): void {
  const view = state.slack?.modals.at(-1);
  if (!view) {
    drawn = '';
    drafts.clear();
    return root.replaceChildren();
  }
  const id = textIn(view, 'id');
  const draft = draftOf(id);
  const content = JSON.stringify([state.login, id, view['hash'], draft.errors, draft.trouble, draft.isBusy]);
  if (content === drawn) return;
  const isNew = !drawn.includes(id);
  drawn = content;
  const focused = document.activeElement instanceof HTMLElement ? keyOf(document.activeElement) : undefined;
  const scrolled = root.querySelector('.dialog-body')?.scrollTop ?? 0;
  root.replaceChildren(dialog(view, id, draft));
  const body = root.querySelector('.dialog-body');
  if (body && !isNew) body.scrollTop = scrolled;
  const again =
    focused === undefined
      ? undefined
      : [...root.querySelectorAll<HTMLElement>('[data-field]')].find(
          (each) => each.dataset['field'] === focused,
        );
  const first =
    root.querySelector<HTMLElement>('.wrong input, .wrong textarea') ??
    (isNew ? root.querySelector<HTMLElement>('textarea, input[type=text]:not([role])') : null);
  (again?.querySelector<HTMLElement>('textarea, input:checked, input') ?? first)?.focus();
}

function keyOf(element: HTMLElement): string | undefined {
  return element.closest<HTMLElement>('[data-field]')?.dataset['field'];
}

function dialog(view: Json, id: string, draft: Draft): HTMLElement {
  const submit = wordsIn(view, 'submit');
  return h(
    'form',
    {
      class: 'slack-dialog',
      role: 'dialog',
      'aria-label': wordsIn(view, 'title'),
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        void send(view, id, draft);
      },
      onkeydown: (event) => {
        if (!(event instanceof KeyboardEvent)) return;
        if (event.key === 'Escape') void close(id);
        // Enter in a field that tells the app at once is for the app.
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
      },
    },
    h(
      'header',
      {},
      h('h3', {}, wordsIn(view, 'title')),
      h(
        'button',
        { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => void close(id) },
        '×',
      ),
    ),
    h(
      'div',
      { class: 'dialog-body' },
      ...listIn(view, 'blocks').map((block) => part(block, view, id, draft)),
    ),
    draft.trouble === '' ? null : h('p', { class: 'dialog-trouble', role: 'alert' }, draft.trouble),
    h(
      'p',
      { class: 'buttons' },
      h(
        'button',
        { type: 'button', class: 'slack-button', onclick: () => void close(id) },
        wordsIn(view, 'close') || 'Close',
      ),
      submit === ''
        ? null
        : h(
            'button',
            { type: 'submit', class: 'slack-button primary', disabled: draft.isBusy },
            draft.isBusy ? 'Sending…' : submit,
          ),
    ),
  );
}

function part(block: Json, view: Json, id: string, draft: Draft): HTMLElement {
  const blockId = textIn(block, 'block_id');
  const actor: Actor = {
    press: (action, at, choose) => press(id, action, at, choose),
    suggest: (action, at) => (typed) => suggest(id, action, at, typed),
  };
  if (block['type'] !== 'input') return blockNode(block, actor) ?? h('span');
  const action = textIn(inside(block, 'element'), 'action_id');
  const value = inside(inside(inside(view, 'state'), 'values'), blockId)[action];
  const node = inputNode(block, {
    value: isJson(value) ? value : undefined,
    draft: draft.answers.get(blockId),
    error: draft.errors[blockId],
    changed: (answer) => void draft.answers.set(blockId, answer),
    dispatch: (answer) => {
      draft.answers.set(blockId, answer);
      void press(id, action, blockId, answer);
    },
    suggest: actor.suggest(action, blockId),
  });
  node.dataset['field'] = blockId;
  return node;
}

async function press(view: string, action: string, block: string, choose?: Chosen): Promise<void> {
  const outcome = await slackAct('press', {
    view,
    action,
    block,
    ...(choose === undefined ? {} : { choose }),
  });
  draftOf(view).trouble = outcome?.ok === false ? outcome.shown : '';
  changed();
}

async function suggest(view: string, action: string, block: string, typed: string): Promise<readonly Json[]> {
  const outcome = await slackAsk<{ options: readonly Json[] }>('suggest', { view, action, block, typed });
  return outcome?.ok ? outcome.options : [];
}

async function send(view: Json, id: string, draft: Draft): Promise<void> {
  if (draft.isBusy) return;
  draft.isBusy = true;
  draft.errors = {};
  draft.trouble = '';
  changed();
  // Of questions that are not asked any more nothing is sent.
  const asked = new Set(listIn(view, 'blocks').map((block) => textIn(block, 'block_id')));
  const answers = Object.fromEntries([...draft.answers].filter(([block]) => asked.has(block)));
  const outcome = await slackAct('submitView', { view: id, state: answers });
  draft.isBusy = false;
  if (outcome && !outcome.ok) {
    draft.errors = outcome.errors ?? {};
    draft.trouble = outcome.errors ? '' : outcome.shown;
  }
  changed();
}

async function close(view: string): Promise<void> {
  const outcome = await slackAct('closeView', { view });
  if (outcome && !outcome.ok) draftOf(view).trouble = outcome.shown;
  changed();
}
