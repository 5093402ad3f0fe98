/// <reference lib="dom" />
// The webhooks that went to the app, and what it answered.
import type { DeliveryView, PageView } from '../control/view.ts';
import { send } from './ask.ts';
import { h } from './dom.ts';
import { refresh } from './state.ts';
import { ago } from './times.ts';

export function deliveries(view: PageView): HTMLElement[] {
  const head = h(
    'p',
    { class: 'muted' },
    view.appUrl ? 'Newest first, to ' : 'The app has not said where it listens.',
    view.appUrl ? h('code', {}, view.appUrl) : '',
    view.appUrl ? '.' : '',
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
        'data-key': `delivery-${row.id}`,
        'aria-label': `Redeliver ${row.event}`,
        title: `Deliver ${row.guid} again`,
        onclick: () => void send(`deliveries/${row.id}/redeliver`, {}).then(() => refresh()),
      },
      'Redeliver',
    ),
  );
}
