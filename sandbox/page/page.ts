/// <reference lib="dom" />
// Starts the page: draws it, and draws it again whenever the sandbox says that something changed.
import { renderCockpit } from './cockpit.ts';
import { copyButton } from './copy.ts';
import { byId, h } from './dom.ts';
import { renderHalves } from './halves.ts';
import { listenToKeys } from './keys.ts';
import { renderFlows } from './flows.ts';
import { renderIssueList } from './issue-list.ts';
import { renderNewIssue } from './new-issue.ts';
import { renderPeople } from './people.ts';
import { renderPanes, renderSide } from './side.ts';
import { beginReading } from './slack-place.ts';
import { renderSlack } from './slack.ts';
import { actor, followHash, onChange, refresh, state } from './state.ts';
import { renderThread } from './thread.ts';
import { nowMs, tellTimes } from './times.ts';
import { renderStranger } from './stranger.ts';
import { renderTour } from './tour.ts';

onChange(() => {
  renderHead();
  renderHalves();
  renderCockpit();
  renderPeople();
  renderPanes();
  renderIssueList();
  renderThread();
  renderNewIssue();
  renderFlows();
  renderStranger();
  renderSlack();
  renderSide();
  renderTour();
  tellTimes();
});
setInterval(tellTimes, 15_000);

function renderHead(): void {
  const { view } = state;
  if (!view) return;
  const clone = `git clone ${view.cloneUrl}`;
  byId('desk').textContent = view.desk;
  byId('clone').textContent = clone;
  if (byId('copy-clone').childElementCount === 0) byId('copy-clone').append(copyButton(clone));
  const you = actor();
  if (you) {
    byId('you').replaceChildren(h('span', {}, 'You are ', h('b', {}, you.name)), h('small', {}, you.about));
  }
  if (view.past === null) beginReading(nowMs());
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
