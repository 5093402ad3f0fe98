/// <reference lib="dom" />
// Starts the page: draws it, and draws it again whenever the sandbox says that something changed.
import { renderCockpit } from './cockpit.ts';
import { byId } from './dom.ts';
import { listenToKeys } from './keys.ts';
import { renderIssueList } from './issue-list.ts';
import { renderNewIssue } from './new-issue.ts';
import { renderPeople } from './people.ts';
import { renderPanes, renderSide } from './side.ts';
import { followHash, onChange, refresh, state } from './state.ts';
import { renderThread } from './thread.ts';

onChange(() => {
  renderHead();
  renderCockpit();
  renderPeople();
  renderPanes();
  renderIssueList();
  renderThread();
  renderNewIssue();
  renderSide();
});

function renderHead(): void {
  const { view } = state;
  if (!view) return;
  byId('desk').textContent = view.desk;
  byId('clone').textContent = `git clone ${view.cloneUrl}`;
  document.title = `${view.desk} · Sandbox`;
}

addEventListener('hashchange', followHash);
listenToKeys();

// One menu at a time, and a click elsewhere closes it.
addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
  }
});

const events = new EventSource('/_sandbox/events');
events.addEventListener('change', () => void refresh());
events.addEventListener('hello', () => void refresh());
events.addEventListener('error', () => document.body.classList.add('offline'));
events.addEventListener('open', () => document.body.classList.remove('offline'));

followHash();
