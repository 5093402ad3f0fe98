/// <reference lib="dom" />
// Which half is in front: GitHub, Slack, or both beside each other; and what lies behind them, where it has no room of its own.
import { h } from './dom.ts';
import { changed, state } from './state.ts';

export type Half = 'github' | 'both' | 'slack';

const halves: ReadonlyArray<{ readonly id: Half; readonly label: string }> = [
  { id: 'github', label: 'GitHub' },
  { id: 'both', label: 'Both' },
  { id: 'slack', label: 'Slack' },
];
const place = 'sandbox-half';

export function half(): Half {
  if (state.view?.hasSlack === false) return 'github';
  const kept = localStorage.getItem(place);
  return halves.find(({ id }) => id === kept)?.id ?? 'both';
}

export function setHalf(next: Half): void {
  localStorage.setItem(place, next);
  lookBehind(false);
}

export function lookBehind(isOpen: boolean): void {
  document.body.classList.toggle('behind', isOpen);
  changed();
}

export function renderHalves(): void {
  document.body.dataset['half'] = half();
}

/** Of the bar above everything. */
export function halvesPart(): HTMLElement | string {
  if (!state.view?.hasSlack) return '';
  const isBehind = document.body.classList.contains('behind');
  return h(
    'div',
    { class: 'cockpit-part halves', role: 'group', 'aria-label': 'Which half' },
    h(
      'span',
      { class: 'segments' },
      ...halves.map(({ id, label }) =>
        h(
          'button',
          {
            type: 'button',
            'data-key': `half ${id}`,
            'aria-pressed': String(half() === id),
            onclick: () => setHalf(id),
          },
          label,
        ),
      ),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'behind-button',
        'data-key': 'behind',
        'aria-pressed': String(isBehind),
        title: 'What the targets hold, the ledger, the calls, trouble to make',
        onclick: () => lookBehind(!isBehind),
      },
      'Look behind',
    ),
  );
}

/** Whoever opens an issue from Slack sees it. */
document.body.addEventListener('show-github', () => {
  if (half() === 'slack') setHalf('both');
});
