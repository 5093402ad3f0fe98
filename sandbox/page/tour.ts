/// <reference lib="dom" />
// What to try first: seven steps that tick themselves off, and a way to each; closed for good once somebody has had enough.
import { byId, h } from './dom.ts';
import { half, setHalf } from './halves.ts';
import { actAs, refresh, show, showPane, showTab, state } from './state.ts';

interface Step {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  /** Leads to the control; whoever visits uses it. */
  readonly lead: () => Promise<void>;
}

const steps: readonly Step[] = [
  {
    id: 'approve',
    label: 'Let Bob approve',
    title: 'Ann’s request waits for somebody of the data team',
    lead: letBobApprove,
  },
  {
    id: 'slack',
    label: 'Ask on Slack',
    title: 'Type /access, and what is open to you is there to choose',
    lead: askOnSlack,
  },
  {
    id: 'clock',
    label: 'Let its time run out',
    title: 'Push the clock to the next deadline: what was given is taken back',
    lead: () => point('[data-key="next"]'),
  },
  {
    id: 'kill',
    label: 'Kill the app',
    title: 'It is started again, and goes on where it was',
    lead: () => point('[data-key="kill"]'),
  },
  {
    id: 'call',
    label: 'Repeat a call',
    title: 'Every call of the app, as a curl to copy',
    lead: () => {
      showTab('calls');
      return point('.calls summary');
    },
  },
  {
    id: 'forge',
    label: 'Forge the ledger',
    title: 'Rewrite who approved, and see whether the verifier notices',
    lead: async () => {
      showTab('ledger');
      document.querySelector('details.forgery')?.setAttribute('open', '');
      await point('.forgery .row button');
    },
  },
  {
    id: 'flow',
    label: 'Change a flow',
    title: 'Propose it, and the app says at the line what is wrong, and what it does to people',
    lead: () => {
      showGithub();
      show('flows');
      return point('.example');
    },
  },
];

const place = 'sandbox-tour';
const done = new Set((localStorage.getItem(place) ?? '').split(' ').filter(Boolean));
let drawn = '-';

export function tick(id: 'approve' | 'slack' | 'clock' | 'kill' | 'call' | 'forge' | 'flow'): void {
  if (done.has(id)) return;
  done.add(id);
  localStorage.setItem(place, [...done].join(' '));
  renderTour();
}

export function renderTour(): void {
  const { view } = state;
  if (!view) return;
  if (view.past === null && view.clock.offsetMs > 60_000) tick('clock');
  if ((view.app?.restarts ?? 0) > 0) tick('kill');
  if (state.slack?.modals.length) tick('slack');
  const root = byId('tour');
  root.hidden = done.has('closed') || view.past !== null || view.app === null;
  const content = [...done].join(' ');
  if (root.hidden || content === drawn) return;
  drawn = content;
  const next = steps.find(({ id }) => !done.has(id));
  root.replaceChildren(
    h('b', {}, next ? 'Try it' : 'All seven held. Make some weather next, under Trouble.'),
    h('ol', {}, ...(next ? steps.map((step) => pill(step, step === next)) : [])),
    h(
      'button',
      {
        type: 'button',
        class: 'close',
        'aria-label': 'Close what to try',
        title: 'Close',
        onclick: () => {
          done.add('closed');
          localStorage.setItem(place, [...done].join(' '));
          root.hidden = true;
        },
      },
      '×',
    ),
  );
}

function pill({ id, label, title, lead }: Step, isNext: boolean): HTMLElement {
  const isDone = done.has(id);
  const sign = isDone ? '✓' : String(steps.findIndex((step) => step.id === id) + 1);
  return h(
    'li',
    { class: isDone ? 'done' : isNext ? 'next' : null },
    h(
      'button',
      {
        type: 'button',
        title,
        'aria-label': `Try it: ${label}${isDone ? ', done' : ''}`,
        onclick: () => void lead(),
      },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      label,
    ),
  );
}

async function letBobApprove(): Promise<void> {
  const waiting = state.view?.issues.find(({ standing }) => standing?.waitsFor.includes('bob-l'));
  actAs('bob-l');
  showGithub();
  if (!waiting) return void (location.hash = 'new');
  state.selection = { kind: 'issue', number: waiting.number };
  history.replaceState(null, '', `#issue-${waiting.number}`);
  showPane('thread');
  await refresh();
  const text = document.querySelector<HTMLTextAreaElement>('.composer textarea');
  if (text?.value === '') text.value = '/approve ';
  await point('.composer textarea');
}

function showGithub(): void {
  if (half() === 'slack') setHalf('both');
}

/** Whoever is not there becomes somebody who is. */
async function askOnSlack(): Promise<void> {
  if (half() === 'github') setHalf('both');
  showPane('slack');
  document.body.dataset['slack'] = 'inside';
  if (!state.slack?.app?.commands.length) actAs('ann-o');
  await refresh();
  const text = document.querySelector<HTMLTextAreaElement>('.slack-main .slack-composer textarea');
  if (text?.value === '') {
    text.value = '/access';
    text.dispatchEvent(new Event('input'));
  }
  await point('.slack-main .slack-composer textarea');
}

/** Brings a control into sight, and the keyboard to it. */
async function point(selector: string): Promise<void> {
  // What the step opened may still be asked for.
  for (let round = 0; round < 20 && !document.querySelector(selector); round += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const control = document.querySelector<HTMLElement>(selector);
  if (!control) return;
  control.scrollIntoView({ block: 'center', inline: 'center' });
  control.focus({ preventScroll: true });
  control.classList.add('pointed');
  setTimeout(() => control.classList.remove('pointed'), 2400);
}
