/// <reference lib="dom" />
// The app's own tab, as the app has drawn it for this person.
import type { SlackMeView } from '../control/slack-view.ts';
import { h } from './dom.ts';
import { actAt, noteAt } from './slack-act.ts';
import { blockNode } from './slack-blocks.ts';
import type { Actor } from './slack-elements.ts';
import { listIn } from './slack-json.ts';
import { changed } from './state.ts';

let drawnHome = '';

export function renderSlackHome(box: HTMLElement, me: SlackMeView, isNew: boolean): void {
  const note = noteAt('home');
  const content = JSON.stringify([me.home, note]);
  if (content === drawnHome && !isNew) return;
  drawnHome = content;
  const id = String(me.home?.['id'] ?? '');
  const home: Actor = {
    press: (action, block, choose) =>
      actAt('home', 'press', { view: id, action, block, ...(choose === undefined ? {} : { choose }) }).then(
        () => changed(),
      ),
    suggest: () => () => Promise.resolve([]),
  };
  box.replaceChildren(
    h(
      'div',
      { class: 'slack-home' },
      ...(note === undefined ? [] : [h('p', { class: 'slack-trouble', role: 'alert' }, `⚠ ${note}`)]),
      ...(me.home
        ? listIn(me.home, 'blocks').map((block) => blockNode(block, home))
        : [h('p', { class: 'empty' }, 'The app has not drawn its Home yet.')]),
    ),
  );
}
