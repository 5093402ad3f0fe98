/// <reference lib="dom" />
// “Are you sure?”, as an app asks it before a press counts.
import { byId, h } from './dom.ts';
import { textNode } from './slack-blocks.ts';
import { inside, textIn, wordsIn, type Json } from './slack-json.ts';

export function confirmed(confirm: Json, from: HTMLElement): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (answer: boolean) => (): void => {
      layer.remove();
      if (from instanceof HTMLButtonElement) from.focus();
      resolve(answer);
    };
    const yes = h(
      'button',
      {
        type: 'button',
        class: `slack-button ${textIn(confirm, 'style') === 'danger' ? 'danger' : 'primary'}`,
        onclick: done(true),
      },
      wordsIn(confirm, 'confirm') || 'Yes',
    );
    const layer = h(
      'div',
      {
        class: 'slack-layer confirm',
        onkeydown: (event) => {
          if (event instanceof KeyboardEvent && event.key === 'Escape') done(false)();
        },
      },
      h(
        'div',
        { class: 'slack-dialog small', role: 'alertdialog', 'aria-label': wordsIn(confirm, 'title') },
        h('h3', {}, wordsIn(confirm, 'title')),
        h('div', { class: 'dialog-body' }, textNode(inside(confirm, 'text'))),
        h(
          'p',
          { class: 'buttons' },
          h(
            'button',
            { type: 'button', class: 'slack-button', onclick: done(false) },
            wordsIn(confirm, 'deny') || 'No',
          ),
          yes,
        ),
      ),
    );
    byId('slack').append(layer);
    yes.focus();
  });
}
