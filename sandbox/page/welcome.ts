/// <reference lib="dom" />
// What there is to read while the past is made: where one is, and what to do in a minute.
import type { PageView } from '../control/view.ts';
import { h } from './dom.ts';

export function welcome({ desk }: PageView): HTMLElement {
  return h(
    'div',
    { class: 'welcome' },
    h('h2', {}, 'In a minute it is today'),
    h(
      'p',
      {},
      'This is a small GitHub on your machine, and a small Slack; beside them runs the real app. ',
      `In ${desk} people ask for access, and others say yes or no. Just now they live two weeks of it, `,
      'so that you find a past: watch it on the left, or choose a request.',
    ),
    h(
      'dl',
      {},
      ...part(
        'Above',
        'the people whom you can be, a clock that you may push, and the app, which you may kill.',
      ),
      ...part('In the middle', 'the issue: what people say, and the card that the app keeps.'),
      ...part('Beside it', 'Slack: the same requests, the same people, and some who are there alone.'),
      ...part(
        'On the left',
        'the requests; and under Flows the files that decide all of this, for you to change.',
      ),
      ...part('Behind it', 'what really happened: who holds what, the ledger, each call, each webhook.'),
    ),
    h(
      'p',
      {},
      'Then you are Ann. She has asked for production on Slack, and waits for Bob, who may decide in either.',
    ),
  );
}

function part(where: string, what: string): HTMLElement[] {
  return [h('dt', {}, where), h('dd', {}, what)];
}
