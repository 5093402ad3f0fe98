/// <reference lib="dom" />
// The keyboard: / searches, j and k go through the list, c comments.
import { shownIssues } from './issue-list.ts';
import { show, state } from './state.ts';

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    const at = event.target;
    const isTyping = at instanceof HTMLElement && at.closest('input, textarea, select') !== null;
    if (event.key === 'Escape' && isTyping) return at.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') focus(event, '.search');
    else if (event.key === 'c') focus(event, '.composer textarea');
    else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
  });
}

function focus(event: Event, selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) return;
  event.preventDefault();
  element.focus();
}

function step(by: number): void {
  const issues = shownIssues();
  const { selection } = state;
  const current = issues.findIndex(({ number }) => selection.kind === 'issue' && number === selection.number);
  const next = issues[current < 0 ? 0 : current + by];
  if (!next) return;
  show(`issue-${next.number}`);
  requestAnimationFrame(() =>
    document.querySelector(`a[href="#issue-${next.number}"]`)?.scrollIntoView({ block: 'nearest' }),
  );
}
