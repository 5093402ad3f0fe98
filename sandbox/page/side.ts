/// <reference lib="dom" />
// The other side of the story: what the targets hold, the ledger, the calls, the webhooks, and trouble to make.
import type { PageView } from '../control/view.ts';
import { callList } from './calls.ts';
import { deliveries } from './deliveries.ts';
import { byId, h } from './dom.ts';
import { ledger } from './ledger.ts';
import { changed, showPane, showTab, state, type SideTab } from './state.ts';
import { targets } from './targets.ts';
import { trouble } from './trouble.ts';

const tabs: ReadonlyArray<{ readonly id: SideTab; readonly label: string; readonly title: string }> = [
  { id: 'targets', label: 'Targets', title: 'What the targets really hold' },
  { id: 'ledger', label: 'Ledger', title: 'The ledger, as a diary' },
  { id: 'calls', label: 'Calls', title: 'Every call that the app made' },
  { id: 'deliveries', label: 'Hooks', title: 'Webhooks to the app' },
  { id: 'trouble', label: 'Trouble', title: 'Make some trouble' },
];

export function renderPanes(): void {
  const { kind } = state.selection;
  const isFlows = kind === 'flows' || kind === 'flow' || kind === 'edit';
  const pane = (id: string, label: string, open: () => void): HTMLElement =>
    h(
      'button',
      { type: 'button', 'aria-pressed': String(document.body.dataset['pane'] === id), onclick: open },
      label,
    );
  byId('panes').replaceChildren(
    pane('issues', 'Issues', () => showPane('issues')),
    pane('thread', isFlows ? 'Flows' : 'Issue', () => showPane('thread')),
    ...(state.view?.hasSlack ? [pane('slack', 'Slack', () => showPane('slack'))] : []),
    ...tabs.map(({ id, label }) => pane(id, label, () => showTab(id))),
  );
}

export function renderSide(): void {
  const { view } = state;
  if (!view) return;
  const root = byId('side');
  const current = tabs.find((tab) => tab.id === state.sideTab) ?? tabs[0];
  if (!current) return;
  const scrolled = root.dataset['tab'] === current.id ? (root.querySelector('.panel')?.scrollTop ?? 0) : 0;
  // Who types in the panel goes on typing.
  const typing = document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
  const focused = root.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const panel = h('div', { class: 'panel' }, h('h2', {}, current.title), ...panelOf(current.id, view));
  root.replaceChildren(
    h(
      'div',
      { class: 'tabs', role: 'group', 'aria-label': 'What really happened' },
      ...tabs.map(({ id, label }) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(id === current.id),
            'aria-label': label,
            onclick: () => {
              state.sideTab = id;
              changed();
            },
          },
          label,
        ),
      ),
    ),
    panel,
  );
  root.dataset['tab'] = current.id;
  panel.scrollTop = scrolled;
  if (typing && root.contains(typing)) typing.focus();
  else if (focused) focusOn(root, focused);
}

/** What stays the same of a control when the panel is drawn again. */
function nameOf(control: Element | null): string | null {
  return (
    control?.getAttribute('data-key') ?? control?.getAttribute('aria-label') ?? control?.textContent ?? null
  );
}

function focusOn(root: HTMLElement, name: string): void {
  const controls = root.querySelectorAll<HTMLElement>('button, summary, a, input');
  [...controls].find((control) => nameOf(control) === name)?.focus({ preventScroll: true });
}

function panelOf(id: SideTab, view: PageView): HTMLElement[] {
  switch (id) {
    case 'targets':
      return targets(view);
    case 'ledger':
      return ledger(view);
    case 'calls':
      return callList();
    case 'deliveries':
      return deliveries(view);
    case 'trouble':
      return trouble(view);
  }
}
