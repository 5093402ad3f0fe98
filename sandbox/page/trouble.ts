/// <reference lib="dom" />
// Trouble to make: weather that stays until it is switched off, and troubles that strike once.
import type { PageView } from '../control/view.ts';
import type { WeatherSwitch } from '../switches.ts';
import { send } from './ask.ts';
import { h } from './dom.ts';
import { refresh } from './state.ts';

const single: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>]> = [
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

export function trouble({ weather, slackWeather, troubles }: PageView): HTMLElement[] {
  const isCalm = troubles === 0 && [...weather, ...slackWeather].every(({ isOn }) => !isOn);
  return [
    h('p', { class: 'muted' }, 'Make some, then act, and watch nothing go wrong for long.'),
    h('h3', {}, 'Weather, until it is calm again'),
    h('ul', { class: 'weather-list' }, ...weather.map((each) => switchRow(each, 'github'))),
    ...(slackWeather.length === 0
      ? []
      : [
          h('h3', {}, 'Slack’s own weather'),
          h('ul', { class: 'weather-list' }, ...slackWeather.map((each) => switchRow(each, 'slack'))),
          h('p', { class: 'muted' }, 'People, and the app, leave and join a channel by its 👥.'),
        ]),
    h(
      'button',
      {
        type: 'button',
        class: 'wide',
        disabled: isCalm,
        onclick: () => void send('weather', {}, 'DELETE').then(refresh),
      },
      isCalm ? 'All is calm' : 'Calm again',
    ),
    h('h3', {}, 'Once'),
    h(
      'button',
      { type: 'button', class: 'wide danger', onclick: () => void send('app/kill', {}) },
      'kill -9 the app: it is started again',
    ),
    h('ul', { class: 'trouble' }, ...single.map(([label, fault]) => h('li', {}, singleButton(label, fault)))),
    troubles > 0
      ? h('p', { class: 'muted' }, `${troubles} of them ${troubles === 1 ? 'has' : 'have'} not struck yet.`)
      : h('p', {}),
  ];
}

function switchRow({ name, label, expect, isOn, hits }: WeatherSwitch, of: 'github' | 'slack'): HTMLElement {
  return h(
    'li',
    { class: isOn ? 'on' : null },
    h(
      'button',
      {
        type: 'button',
        role: 'switch',
        'aria-checked': String(isOn),
        class: 'switch',
        'aria-label': label,
        'data-key': `${of} ${name}`,
        onclick: () => void send('weather', { name, of, on: !isOn }).then(refresh),
      },
      h('span', { class: 'knob', 'aria-hidden': 'true' }),
    ),
    h(
      'span',
      { class: 'switch-text' },
      h('b', {}, label),
      isOn ? h('span', { class: 'hits' }, `struck ${hits}×`) : null,
      h('small', {}, expect),
    ),
  );
}

function singleButton(label: string, fault: Readonly<Record<string, unknown>>): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      onclick: () => {
        void send('faults', fault).then(() => refresh());
        button.classList.add('set');
        setTimeout(() => button.classList.remove('set'), 1500);
      },
    },
    label,
  );
  return button;
}
