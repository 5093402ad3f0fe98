/// <reference lib="dom" />
// Where a request stands, in a word and a colour; and whom one has to be to move it.
import type { Standing } from '../control/standing.ts';
import { avatar, h } from './dom.ts';
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
      return left === '' ? 'Active' : isDue(deadline) ? 'Active, its time is up' : `Active, ${left} left`;
    case 'ending':
      return 'Being taken back';
    case 'ended':
      return 'Ended';
    case 'denied':
      return 'Denied';
    case 'cancelled':
      return 'Withdrawn';
    case 'lapsed':
      return 'Lapsed';
    case 'failed':
      return 'Failed';
  }
}

function isDue(deadline: string | null): boolean {
  return deadline !== null && Date.parse(deadline) <= nowMs();
}

function actAsButton(login: string): HTMLElement {
  const person = state.view?.people.find((one) => one.login === login);
  const name = person?.name.split(' ')[0] ?? login;
  return h(
    'button',
    {
      type: 'button',
      class: 'small act-as',
      title: `Act as ${person?.name ?? login}`,
      'aria-label': `Act as ${name}`,
      onclick: () => actAs(login),
    },
    person ? avatar(person, 16) : null,
    name,
  );
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
          h('span', {}, status === 'active' ? 'More time waits for' : 'It waits for'),
          ...waitsFor.map((login) => (login === state.login ? h('b', {}, 'you') : actAsButton(login))),
        ]
      : []),
    left === '' || status !== 'pending' ? null : h('small', {}, `lapses in ${left}`),
  );
}
