/// <reference lib="dom" />
// What an issue has more when it is a pull request: its check, its files, and the way to merge it.
import type { CheckView, PullView } from '../control/pull-view.ts';
import type { ThreadView } from '../control/view.ts';
import { fileList } from './diff.ts';
import { h } from './dom.ts';
import { actAs, actor, changed, perform, state } from './state.ts';
import { ago } from './times.ts';

let drawnChecks = '';
let drawnFiles = '';
/** Buttons that were pressed and have not shown anything yet. */
const pressed = new Set<string>();
const patienceMs = 15_000;

/** Empty for an issue. */
export function pullBox(): HTMLElement {
  drawnChecks = '';
  drawnFiles = '';
  return h(
    'div',
    { class: 'pull' },
    h('section', { class: 'checks', 'aria-label': 'Checks' }),
    h('div', { class: 'files' }),
  );
}

export function renderPull(root: HTMLElement, { number, pull }: ThreadView): void {
  const you = actor();
  if (!pull || !you) return;
  // What is unfolded stays so while nothing about it changes.
  const checks = JSON.stringify([
    pull.checks,
    pull.state,
    pull.commit,
    you.login,
    state.view?.app?.state,
    [...pressed],
  ]);
  if (checks !== drawnChecks) {
    drawnChecks = checks;
    root.querySelector('.checks')?.replaceChildren(...checkNodes(pull), mergeLine(number, pull));
  }
  const files = JSON.stringify([pull.files, pull.state, pull.commit]);
  if (files === drawnFiles) return;
  drawnFiles = files;
  root.querySelector('.files')?.replaceChildren(...fileList(number, pull));
}

export function pullWords({ head, base, state: where }: PullView): Array<HTMLElement | string> {
  return [
    where === 'merged' ? ' merged ' : ' wants to merge ',
    h('code', { class: 'branch' }, head),
    ' into ',
    h('code', { class: 'branch' }, base),
  ];
}

function checkNodes(pull: PullView): HTMLElement[] {
  if (pull.checks.length > 0) return pull.checks.map((check) => checkBox(pull, check));
  return [
    h(
      'div',
      { class: 'check-head' },
      h(
        'span',
        { class: `check-mark ${isAwaited(pull) ? 'running' : 'none'}`, 'aria-hidden': 'true' },
        isAwaited(pull) ? '' : '–',
      ),
      h('span', { role: 'status' }, waitingWords(pull)),
    ),
  ];
}

/** What flows and their forms are made of is what the app looks at. */
function isAwaited({ state: where, files }: PullView): boolean {
  return where === 'open' && files.some(({ path }) => /^(flows|\.github\/ISSUE_TEMPLATE)\//.test(path));
}

function waitingWords(pull: PullView): string {
  if (!isAwaited(pull)) return 'Not checked: no flow changes.';
  return state.view?.app?.state === 'down'
    ? 'The app is down. It checks this when it is back.'
    : 'The app is checking …';
}

const marks: Readonly<Record<string, string>> = { success: '✓', failure: '✕', neutral: '!', running: '' };

function checkBox(pull: PullView, check: CheckView): HTMLElement {
  const { conclusion, name, title, html, at } = check;
  const summary = h('div', { class: 'markdown' });
  // Sanitised where it was rendered.
  summary.innerHTML = html;
  const kind = conclusion in marks ? conclusion : 'none';
  return h(
    'div',
    { class: `check ${kind}` },
    h(
      'div',
      { class: 'check-head' },
      h('span', { class: `check-mark ${kind}`, 'aria-hidden': 'true' }, marks[conclusion] ?? '–'),
      h(
        'span',
        { class: 'check-title', role: 'status' },
        h('b', {}, title === '' ? name : title),
        h('small', {}, `${name} · ${conclusion}${at === null ? '' : ' · '}`, at === null ? '' : ago(at)),
      ),
      h('span', { class: 'check-buttons' }, ...(pull.state === 'open' ? buttons(pull, check) : [])),
    ),
    html === '' ? null : summary,
  );
}

function buttons(pull: PullView, { id, actions }: CheckView): HTMLElement[] {
  const you = actor();
  const isBarred = you?.mayPush !== true;
  const button = (
    label: string,
    title: string,
    press: () => Promise<unknown>,
    obstacle = isBarred ? 'Only who may push can press this: be Max' : null,
  ): HTMLElement => {
    const key = `${id} ${label}`;
    return h(
      'button',
      {
        type: 'button',
        class: 'small',
        disabled: obstacle !== null || pressed.has(key),
        title: obstacle ?? title,
        onclick: () => void pressOnce(key, press),
      },
      pressed.has(key) ? 'Asked …' : label,
    );
  };
  return [
    ...actions.map(({ label, description, identifier }) =>
      button(
        label,
        description,
        () => perform('pressCheckAction', { id, identifier }),
        // What an app would push to is out of its reach there.
        pull.forkOf === null ? undefined : 'Not in a fork: whose it is pushes by hand',
      ),
    ),
    button('Re-run', `Asks for the check of ${pull.commit.slice(0, 7)} once more`, () =>
      perform('rerequestCheckRun', { id }),
    ),
  ];
}

/** Until the app has made another run, or is not going to. */
async function pressOnce(key: string, press: () => Promise<unknown>): Promise<void> {
  pressed.add(key);
  setTimeout(() => {
    pressed.delete(key);
    changed();
  }, patienceMs);
  if ((await press()) === undefined) pressed.delete(key);
  changed();
}

function mergeLine(number: number, pull: PullView): HTMLElement {
  const you = actor();
  if (pull.state !== 'open')
    return h(
      'p',
      { class: 'merge muted' },
      pull.state === 'merged' ? 'Merged: it is in force.' : 'Closed without being merged.',
    );
  const hasFailed = pull.checks.some(({ conclusion }) => conclusion === 'failure');
  const merger = state.view?.people.find(({ mayPush }) => mayPush);
  return h(
    'div',
    { class: 'merge' },
    h(
      'span',
      { class: 'muted' },
      you?.mayPush === true ? 'Merges it as if it had been reviewed.' : 'Only who may push can merge.',
      hasFailed ? ' github.com would refuse once the check is required: docs/setting-up.md, step 2.4.' : null,
    ),
    you?.mayPush === true || !merger
      ? null
      : h(
          'button',
          { type: 'button', class: 'small', onclick: () => actAs(merger.login) },
          `Act as ${merger.name.split(' ')[0]}`,
        ),
    h(
      'button',
      {
        type: 'button',
        class: hasFailed ? null : 'primary',
        disabled: you?.mayPush !== true,
        onclick: () => void perform('mergePullRequest', { number }),
      },
      hasFailed ? 'Merge although the check failed' : 'Merge',
    ),
  );
}
