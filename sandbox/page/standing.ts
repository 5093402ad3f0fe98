/// <reference lib="dom" />
// Where a request stands, in a word and a colour; and whom one has to be to move it.
import type { Standing } from '../control/standing.ts';
import { h } from './dom.ts';
import { actAs, state } from './state.ts';
import { span, nowMs } from './times.ts';

export function standingChip(standing: Standing): HTMLElement {
  return h('span', { class: `standing ${standing.status}` }, wordsOf(standing));
}

function wordsOf({ status, deadline }: Standing): string {
  const left = deadline === null ? '' : span(Date.parse(deadline) - nowMs());
  switch (status) {
    case 'pending':
      return 'Waiting';
    case 'approved':
      return 'Being given';
    case 'active':
      return left === '' ? 'Active' : `Active, ${left} left`;
    case 'ending':
      return 'Being taken back';
    case 'ended':
      return 'Ended';
    case 'denied':
      return 'Denied';
    case 'unused':
      return 'Came to nothing';
    case 'failed':
      return 'Failed';
  }
}

/** Above the thread: what it waits for, with a way to become whoever it waits for. */
export function standingLine(standing: Standing): HTMLElement {
  const { waitsFor, deadline, status } = standing;
  const left = deadline === null ? '' : span(Date.parse(deadline) - nowMs());
  return h(
    'p',
    { class: `standing-line ${status}` },
    standingChip(standing),
    ...(waitsFor.length > 0
      ? [
          h('span', {}, 'It waits for'),
          ...waitsFor.map((login) =>
            login === state.login
              ? h('b', {}, `you, ${login}`)
              : h(
                  'button',
                  { type: 'button', class: 'small', title: `Act as ${login}`, onclick: () => actAs(login) },
                  `be ${login}`,
                ),
          ),
        ]
      : []),
    left === '' || status !== 'pending' ? null : h('small', {}, `lapses in ${left}`),
  );
}
