/// <reference lib="dom" />
// Every call that the app made, newest first, as a command to repeat it.
import type { CallView } from '../control/calls.ts';
import { get, send } from './ask.ts';
import { copyButton } from './copy.ts';
import { h } from './dom.ts';
import { onlyThisBox } from './only-this.ts';
import { changed, state } from './state.ts';
import { ago } from './times.ts';
import { tick } from './tour.ts';

let calls: readonly CallView[] = [];
let text = '';
let asked = '';
const open = new Set<number>();

const tokens = [
  { kind: 'countersign', name: '$TOKEN', label: 'the app’s' },
  { kind: 'countersign-grants', name: '$TOKEN', label: 'the granting app’s' },
  { kind: 'vault', name: '$TOKEN', label: 'the vault’s' },
  { kind: 'jwt', name: '$JWT', label: 'the app’s own, for /app' },
] as const;

const filter = h('input', {
  type: 'search',
  placeholder: 'Filter: PUT, memberships, 502 …',
  'aria-label': 'Filter calls',
  oninput: () => {
    text = filter.value;
    void load();
  },
});

export function callList(): HTMLElement[] {
  void load();
  return [
    h(
      'details',
      { class: 'tokens' },
      h('summary', {}, 'To repeat one, you need a token'),
      h(
        'p',
        { class: 'muted' },
        'None is shown here. Copy one, and say TOKEN=… in your terminal. It lives for an hour.',
      ),
      h(
        'p',
        { class: 'row' },
        ...tokens.map(({ kind, name, label }) =>
          copyButton(
            async () => (await send<{ token: string }>('token', { kind }))?.token,
            `${name}: ${label}`,
          ),
        ),
      ),
    ),
    filter,
    onlyThisBox(),
    calls.length === 0
      ? h('p', { class: 'muted' }, 'No such call since the sandbox was started.')
      : h('ul', { class: 'calls' }, ...calls.map(row)),
  ];
}

/** Asks again when something changed; what is there stays until the answer comes. */
async function load(): Promise<void> {
  const { selection, view } = state;
  const issue = state.onlyThis && selection.kind === 'issue' ? selection.number : undefined;
  const query = new URLSearchParams({ text, ...(issue === undefined ? {} : { issue: String(issue) }) });
  const key = `${query} ${view?.calls}`;
  if (key === asked) return;
  asked = key;
  const found = await get<CallView[]>(`calls?${query}`).catch(() => []);
  if (asked !== key) return;
  calls = found;
  changed();
}

function row(call: CallView): HTMLElement {
  const kind = call.status === 0 || call.status >= 500 ? 'bad' : call.status >= 400 ? 'waiting' : 'good';
  return h(
    'li',
    {},
    h(
      'details',
      {
        open: open.has(call.id),
        ontoggle: (event) => {
          if (!(event.target instanceof HTMLDetailsElement)) return;
          if (event.target.open) {
            open.add(call.id);
            tick('call');
          } else open.delete(call.id);
        },
      },
      h(
        'summary',
        { 'data-key': `call-${call.id}` },
        h('span', { class: `mark ${kind}`, 'aria-hidden': 'true' }),
        h('b', { class: 'method' }, call.operation === null ? call.method : 'GraphQL'),
        h('span', { class: 'call-path' }, call.operation ?? decoded(call.path)),
        h('small', {}, call.status === 0 ? 'cut' : String(call.status), ' · ', ago(call.at)),
      ),
      h('div', { class: 'command' }, h('pre', {}, call.curl), copyButton(call.curl)),
    ),
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
