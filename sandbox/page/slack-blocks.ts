/// <reference lib="dom" />
// The blocks of a message, a form or App Home, as Slack draws them.
import { h } from './dom.ts';
import { actionElement, type Actor } from './slack-elements.ts';
import { inside, listIn, textIn, wordsIn, type Json } from './slack-json.ts';
import { mrkdwn, richText } from './slack-text.ts';

/** `actor`: what comes of pressing what stands in them. Inputs are left out: forms draw them. */
export function blockNode(block: Json, actor: Actor): HTMLElement | null {
  const id = textIn(block, 'block_id');
  switch (block['type']) {
    case 'header':
      return h('h4', { class: 'block-header' }, wordsIn(block, 'text'));
    case 'rich_text':
      return richText(block);
    case 'section':
      return section(block, id, actor);
    case 'context':
      return h('p', { class: 'block-context' }, ...listIn(block, 'elements').map(contextPart));
    case 'divider':
      return h('hr');
    case 'actions':
      return h(
        'div',
        { class: 'block-actions' },
        ...listIn(block, 'elements').map((element) => actionElement(element, id, actor)),
      );
    case 'image':
      return picture(block);
    default:
      return null;
  }
}

/** A text object: plain, or with Slack's markup. */
export function textNode(text: Json): HTMLElement {
  const words = textIn(text, 'text');
  return text['type'] === 'mrkdwn' ? mrkdwn(words) : h('span', { class: 'plain' }, words);
}

function section(block: Json, id: string, actor: Actor): HTMLElement {
  const accessory = inside(block, 'accessory');
  const fields = listIn(block, 'fields');
  return h(
    'div',
    { class: 'block-section' },
    h(
      'div',
      {},
      block['text'] === undefined ? null : textNode(inside(block, 'text')),
      fields.length === 0 ? null : h('div', { class: 'block-fields' }, ...fields.map(textNode)),
    ),
    accessory['type'] === undefined
      ? null
      : accessory['type'] === 'image'
        ? picture(accessory)
        : actionElement(accessory, id, actor),
  );
}

function contextPart(element: Json): HTMLElement {
  return element['type'] === 'image' ? picture(element) : textNode(element);
}

/** The page loads nothing from elsewhere: its words stand for it. */
function picture(element: Json): HTMLElement {
  return h('span', { class: 'picture', role: 'img' }, textIn(element, 'alt_text'));
}
