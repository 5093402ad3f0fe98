/// <reference lib="dom" />
// What can be pressed in messages and in App Home: buttons, the menu of three dots, lists; with the question before what cannot be undone.
import { h } from './dom.ts';
import { confirmed } from './slack-confirm.ts';
import { inside, optionsIn, textIn, wordsIn, type Json } from './slack-json.ts';
import { picker } from './slack-picker.ts';
import type { Chosen, Suggest } from './slack-picker.ts';

export interface Actor {
  press(action: string, block: string, choose?: Chosen): Promise<unknown>;
  suggest(action: string, block: string): Suggest;
}

export function actionElement(element: Json, block: string, actor: Actor): HTMLElement {
  switch (element['type']) {
    case 'button':
      return button(element, block, actor);
    case 'overflow':
      return overflow(element, block, actor);
    default:
      return chooser(element, block, actor);
  }
}

function button(element: Json, block: string, actor: Actor): HTMLElement {
  const url = textIn(element, 'url');
  const node = h(
    'button',
    {
      type: 'button',
      class: `slack-button ${textIn(element, 'style')}`,
      'data-key': `${block}/${textIn(element, 'action_id')}`,
      onclick: () => {
        if (url !== '') window.open(url, '_blank', 'noreferrer');
        void press();
      },
    },
    wordsIn(element, 'text'),
  );
  const press = async (): Promise<void> => {
    if (!(await isConfirmed(element, node))) return;
    await busy(node, () => actor.press(textIn(element, 'action_id'), block));
  };
  return node;
}

function overflow(element: Json, block: string, actor: Actor): HTMLElement {
  const details = h('details', { class: 'menu slack-overflow' });
  const choose = async (option: Json): Promise<void> => {
    details.removeAttribute('open');
    if (!(await isConfirmed(element, details))) return;
    await busy(details, () => actor.press(textIn(element, 'action_id'), block, textIn(option, 'value')));
  };
  details.append(
    h('summary', { 'aria-label': 'More actions', class: 'slack-button' }, '···'),
    h(
      'div',
      {},
      ...optionsIn(element).map((option) =>
        h('button', { type: 'button', onclick: () => void choose(option) }, wordsIn(option, 'text')),
      ),
    ),
  );
  return details;
}

function chooser(element: Json, block: string, actor: Actor): HTMLElement {
  const action = textIn(element, 'action_id');
  const { node } = picker(element, {
    value: undefined,
    label: wordsIn(element, 'placeholder') || 'Choose',
    suggest: actor.suggest(action, block),
    changed: (value) => void choose(value),
  });
  const choose = async (value: Chosen): Promise<void> => {
    if (await isConfirmed(element, node)) await busy(node, () => actor.press(action, block, value));
  };
  return node;
}

async function isConfirmed(element: Json, near: HTMLElement): Promise<boolean> {
  if (element['confirm'] === undefined) return true;
  return confirmed(inside(element, 'confirm'), near);
}

/** A second press before the first is answered would be another press. */
async function busy(node: HTMLElement, work: () => Promise<unknown>): Promise<void> {
  node.classList.add('busy');
  if (node instanceof HTMLButtonElement) node.disabled = true;
  await work();
  node.classList.remove('busy');
  if (node instanceof HTMLButtonElement) node.disabled = false;
}
