/// <reference lib="dom" />
// The other side of the story: what the targets hold, the ledger, the webhooks, and trouble to throw.
import type { DeliveryView, PageView } from '../control/view.ts';
import type { LedgerCommit } from '../views.ts';
import { send } from './ask.ts';
import { ago, avatar, byId, h } from './dom.ts';
import { changed, refresh, showPane, state } from './state.ts';

const tabs = [
  { id: 'targets', label: 'Targets', title: 'What the targets really hold' },
  { id: 'ledger', label: 'Ledger', title: 'The ledger branch' },
  { id: 'deliveries', label: 'Deliveries', title: 'Webhooks to the app' },
  { id: 'trouble', label: 'Trouble', title: 'Throw some trouble' },
] as const;

const open = new Set<string>();
let before = new Set<string>();

export function renderPanes(): void {
  const pane = (id: string, label: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(document.body.dataset['pane'] === id),
        onclick: () => {
          if (tabs.some((tab) => tab.id === id)) state.sideTab = id;
          showPane(id);
        },
      },
      label,
    );
  byId('panes').replaceChildren(
    pane('issues', 'Issues'),
    pane('thread', 'Issue'),
    ...tabs.map(({ id, label }) => pane(id, label)),
  );
}

export function renderSide(): void {
  const { view } = state;
  if (!view) return;
  const current = tabs.find((tab) => tab.id === state.sideTab) ?? tabs[0];
  const scrolled = byId('side').querySelector('.panel')?.scrollTop ?? 0;
  const counts: Readonly<Record<string, number>> = {
    ledger: view.ledger.length,
    deliveries: view.deliveries.length,
  };
  const panel = h('div', { class: 'panel' }, h('h2', {}, current.title), ...panelOf(current.id, view));
  byId('side').replaceChildren(
    h(
      'div',
      { class: 'tabs', role: 'group', 'aria-label': 'What really happened' },
      ...tabs.map(({ id, label }) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(id === current.id),
            onclick: () => {
              state.sideTab = id;
              changed();
            },
          },
          label,
          counts[id] ? h('span', { class: 'count' }, String(counts[id])) : null,
        ),
      ),
    ),
    panel,
  );
  panel.scrollTop = scrolled;
}

function panelOf(id: (typeof tabs)[number]['id'], view: PageView): HTMLElement[] {
  switch (id) {
    case 'targets':
      return targets(view);
    case 'ledger':
      return ledger(view);
    case 'deliveries':
      return deliveries(view);
    case 'trouble':
      return trouble();
  }
}

function targets(view: PageView): HTMLElement[] {
  const now = new Set<string>();
  const chip = (key: string, login: string, extra: string): HTMLElement => {
    now.add(`${key}/${login}`);
    const person = view.people.find((one) => one.login === login);
    const fresh = before.size > 0 && !before.has(`${key}/${login}`);
    return h(
      'span',
      { class: `holder${fresh ? ' fresh' : ''}` },
      person ? avatar(person, 18) : null,
      login,
      extra === '' ? null : h('small', {}, ` ${extra}`),
    );
  };
  const { teams, collaborators, invitations, vault } = view.holdings;
  const rows = (title: string, list: HTMLElement[], empty: string): HTMLElement =>
    h(
      'section',
      { class: 'target-group' },
      h('h3', {}, title),
      ...(list.length > 0 ? list : [h('p', { class: 'muted' }, empty)]),
    );
  const row = (name: string, holders: HTMLElement[]): HTMLElement =>
    h(
      'div',
      { class: 'target' },
      h('b', {}, name),
      h('span', { class: 'holders' }, ...(holders.length > 0 ? holders : [h('em', {}, 'nobody')])),
    );
  const ordered = Object.entries(teams).sort(
    ([a], [b]) => Number(b.includes('access')) - Number(a.includes('access')),
  );
  const result = [
    rows(
      'Teams',
      ordered.map(([slug, logins]) =>
        row(
          slug,
          logins.map((login) => chip(slug, login, '')),
        ),
      ),
      'No teams.',
    ),
    rows(
      'Repositories, given directly',
      Object.entries(collaborators).map(([name, roles]) =>
        row(name, [
          ...Object.entries(roles).map(([login, role]) => chip(name, login, role)),
          ...invitations
            .filter((one) => one.repository === name)
            .map((one) => chip(name, one.login, `${one.role}, invited`)),
        ]),
      ),
      'No repositories.',
    ),
    rows(
      'Vault',
      Object.entries(vault).map(([subject, body]) =>
        row(subject, [h('code', { class: 'vault' }, JSON.stringify(body))]),
      ),
      'Nobody has a grant.',
    ),
  ];
  before = now.size > 0 ? now : new Set(['']);
  return result;
}

function ledger(view: PageView): HTMLElement[] {
  if (view.ledger.length === 0)
    return [h('p', { class: 'muted' }, 'No entry yet. The branch begins with the first request.')];
  return [h('ol', { class: 'commits' }, ...view.ledger.map(commit))];
}

function commit(row: LedgerCommit): HTMLElement {
  const [subject = '', ...rest] = row.message.split('\n');
  return h(
    'li',
    {},
    h(
      'details',
      {
        open: open.has(row.sha),
        ontoggle: (event) => {
          if ((event.target as HTMLDetailsElement).open) open.add(row.sha);
          else open.delete(row.sha);
        },
      },
      h(
        'summary',
        {},
        h('span', { class: 'subject' }, subject),
        h(
          'small',
          {},
          h('code', {}, row.sha.slice(0, 7)),
          ' ',
          ago(row.at),
          row.verified
            ? h(
                'span',
                { class: 'verified', title: 'As GitHub would show it: signed here by the sandbox' },
                'Verified',
              )
            : null,
        ),
      ),
      ...row.added.flatMap(({ path, lines }) => [
        h('p', { class: 'path' }, path),
        ...lines.map((line) => h('pre', { class: 'line' }, ...entry(line))),
      ]),
      rest.join('\n').trim() === '' ? null : h('pre', { class: 'trailers' }, rest.join('\n').trim()),
    ),
  );
}

function entry(line: string): Array<HTMLElement | string> {
  try {
    const { type, ...others }: { type?: string } = JSON.parse(line);
    if (!type) return [line];
    return [h('b', {}, type), `\n${JSON.stringify(others, null, 1).replace(/^\{\n?|\n?\}$/g, '')}`];
  } catch {
    return [line];
  }
}

function deliveries(view: PageView): HTMLElement[] {
  const head = h(
    'p',
    { class: 'muted' },
    view.appUrl ? 'To ' : 'The app has not said where it listens.',
    view.appUrl ? h('code', {}, view.appUrl) : '',
    ` ${view.calls} calls came back.`,
  );
  return [head, h('ul', { class: 'deliveries' }, ...view.deliveries.map(delivery))];
}

function delivery(row: DeliveryView): HTMLElement {
  const mark = row.ok === null ? 'waiting' : row.ok ? 'good' : 'bad';
  return h(
    'li',
    {},
    h('span', { class: `mark ${mark}`, 'aria-hidden': 'true' }),
    h(
      'span',
      { class: 'delivery-text' },
      h('b', {}, row.event, row.action ? `.${row.action}` : ''),
      h(
        'small',
        {},
        `${row.status} · ${row.durationMs} ms · `,
        ago(row.at),
        row.redelivery ? ' · redelivered' : '',
      ),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'small',
        title: `Deliver ${row.guid} again`,
        onclick: () => void send(`deliveries/${row.id}/redeliver`, {}).then(() => refresh()),
      },
      'Redeliver',
    ),
  );
}

function trouble(): HTMLElement[] {
  const kinds: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>]> = [
    ['Lose the next webhook', { on: 'webhook', kind: 'drop', times: 1 }],
    ['Deliver the next webhook twice', { on: 'webhook', kind: 'duplicate', times: 1 }],
    ['Deliver the next webhook after the one that follows', { on: 'webhook', kind: 'reorder', times: 1 }],
    ['Delay the next webhook by 5 s', { on: 'webhook', kind: 'delay', ms: 5000, times: 1 }],
    ['Perform the app’s next write, lose the answer', { kind: 'answer-lost', method: 'POST', times: 1 }],
    ['Fail the next 3 calls with 500', { kind: 'error', status: 500, times: 3 }],
    [
      'Answer the next commit with 502 after doing it',
      { kind: 'error', status: 502, performed: true, body: 'createCommitOnBranch', times: 1 },
    ],
    ['Secondary rate limit for the next call', { kind: 'secondary-limit', retryAfterSeconds: 5, times: 1 }],
    ['The vault is down for 3 calls', { kind: 'error', status: 500, path: '/service/vault', times: 3 }],
  ];
  return [
    h('p', { class: 'muted' }, 'Then act, and watch nothing go wrong for long.'),
    h(
      'ul',
      { class: 'trouble' },
      ...kinds.map(([label, fault]) => {
        const button = h(
          'button',
          {
            type: 'button',
            onclick: () => {
              void send('faults', fault);
              button.classList.add('set');
              setTimeout(() => button.classList.remove('set'), 1500);
            },
          },
          label,
        );
        return h('li', {}, button);
      }),
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', onclick: () => void send('faults', {}, 'DELETE') },
          'Take all trouble back',
        ),
      ),
    ),
  ];
}
