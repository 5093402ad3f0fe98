/// <reference lib="dom" />
// Forge a line of the ledger, let the verifier find it, and put it back.
import type { Verified } from '../beside.ts';
import type { PageView } from '../control/view.ts';
import { send } from './ask.ts';
import { copyButton } from './copy.ts';
import { h } from './dom.ts';
import { changed, refresh, state } from './state.ts';
import { tick } from './tour.ts';

let isOpen = false;
let isVerifying = false;
let verified: (Verified & { readonly forged: boolean }) | null = null;

export function forgeryBox(view: PageView): HTMLElement {
  const { forgery } = view;
  const command = [
    `git clone -q -b countersign/ledger ${view.cloneUrl} ledger`,
    `curl -s ${new URL('/web-flow.gpg', view.cloneUrl).href} -o web-flow.gpg`,
    'npm run countersign -- audit verify ledger --keys web-flow.gpg --app countersign',
  ].join('\n');
  return h(
    'details',
    {
      class: `forgery${forgery ? ' is-forged' : ''}`,
      open: isOpen || forgery !== null,
      ontoggle: (event) => {
        if (event.target instanceof HTMLDetailsElement) isOpen = event.target.open;
      },
    },
    h('summary', {}, forgery ? 'A line is forged' : 'Would anybody notice a forged line?'),
    forgery
      ? h(
          'p',
          {},
          'Max pushed a commit that says ',
          h('code', {}, forgery.is),
          ' where it said ',
          h('code', {}, forgery.was),
          ` in line ${forgery.line} of `,
          h('code', { class: 'path' }, forgery.path),
          forgery.issue === null ? '.' : h('a', { href: `#issue-${forgery.issue}` }, ` (#${forgery.issue}).`),
          ' The app finds out when it writes its next entry, and freezes the desk.',
        )
      : h(
          'p',
          { class: 'muted' },
          'An owner with push access rewrites who approved a request that is long over.',
        ),
    h(
      'p',
      { class: 'row' },
      forgery
        ? button('Put it back', () => send('ledger/restore', {}))
        : button('Forge a line', () => send('ledger/forge', {})),
      h(
        'button',
        {
          type: 'button',
          class: 'primary',
          'data-key': 'verify',
          disabled: !view.canVerify || isVerifying,
          onclick: () => void verify(),
        },
        isVerifying ? 'Verifying …' : 'Verify the ledger',
      ),
    ),
    verified ? verdict(verified) : null,
    h('p', { class: 'muted' }, 'Or on a clone of your own, without this page:'),
    h('div', { class: 'command' }, h('pre', {}, command), copyButton(command)),
  );
}

/** What the verifier printed: its findings first, what it looked at folded below. */
function verdict({ ok, output }: Verified): HTMLElement {
  const [summary = '', ...findings] = output.split('\n\n');
  const [headline = '', ...looked] = summary.split('\n');
  return h(
    'div',
    { class: `verdict ${ok ? 'good' : 'bad'}`, role: 'status' },
    h('b', {}, ok ? 'Nothing is wrong' : 'Something is wrong'),
    h('p', {}, headline === '' ? 'The verifier said nothing.' : headline),
    ...findings.map((finding) => h('pre', {}, finding.trimEnd())),
    looked.length > 0
      ? h('details', {}, h('summary', {}, 'What it looked at'), h('pre', {}, looked.join('\n')))
      : null,
  );
}

function button(text: string, act: () => Promise<unknown>): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      'data-key': 'forge',
      onclick: () => {
        verified = null;
        void act().then(() => refresh());
      },
    },
    text,
  );
}

async function verify(): Promise<void> {
  isVerifying = true;
  changed();
  const forged = state.view?.forgery !== null;
  const result = await send<Verified>('ledger/verify', {});
  verified = result ? { ...result, forged } : null;
  isVerifying = false;
  if (forged && result?.ok === false) tick('forge');
  changed();
}
