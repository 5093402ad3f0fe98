/// <reference lib="dom" />
// The bar above everything: what time it is and how to push it, whether the app lives, and the weather.
import type { PageView } from '../control/view.ts';
import { send } from './ask.ts';
import { byId, h } from './dom.ts';
import { half, halvesPart } from './halves.ts';
import { refresh, show, showTab, state } from './state.ts';
import { clockText, span, until } from './times.ts';

const pushes = [
  { label: '+5 min', ms: 5 * 60_000 },
  { label: '+30 min', ms: 30 * 60_000 },
  { label: '+4 h', ms: 4 * 3_600_000 },
  { label: '+1 day', ms: 24 * 3_600_000 },
] as const;

let drawn = '';

export function renderCockpit(): void {
  const { view } = state;
  if (!view) return;
  renderPast(view);
  // The buttons stay the same elements while nothing about them changes: whoever is on one by keyboard stays there.
  const content = JSON.stringify([
    view.clock.next,
    view.app,
    view.weather,
    view.slackWeather,
    half(),
    document.body.classList.contains('behind'),
    view.troubles,
    view.past === null,
  ]);
  if (content !== drawn) {
    drawn = content;
    const focused = document.activeElement?.getAttribute('data-key');
    byId('cockpit').replaceChildren(clockPart(view), appPart(view), weatherPart(view), halvesPart());
    if (focused) byId('cockpit').querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  }
  tick();
}

function tick(): void {
  const { view } = state;
  const face = document.querySelector('.clock-face');
  if (!view || !face) return;
  face.textContent = clockText();
  const ahead = document.querySelector('.clock-ahead');
  const { offsetMs } = view.clock;
  if (ahead) ahead.textContent = offsetMs > 1000 ? `${span(offsetMs)} ahead` : '';
  const due = document.querySelector('.due-in');
  if (due && view.clock.next) due.textContent = until(view.clock.next.at);
}
setInterval(tick, 1000);

function clockPart({ clock, past }: PageView): HTMLElement {
  const { next } = clock;
  const isRunning = past !== null;
  const push = (input: unknown): void => void send('clock', { push: input }).then(() => refresh());
  return h(
    'div',
    { class: 'cockpit-part clock', role: 'group', 'aria-label': 'Clock' },
    h('span', { class: 'clock-text' }, h('b', { class: 'clock-face' }), h('small', { class: 'clock-ahead' })),
    h(
      'span',
      { class: 'pushes' },
      ...pushes.map(({ label, ms }) =>
        h(
          'button',
          { type: 'button', disabled: isRunning, 'data-key': label, onclick: () => push(ms) },
          label,
        ),
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'next',
          'data-key': 'next',
          disabled: isRunning || next === null,
          title: next ? `${next.what}: ${next.at}` : 'Nothing has a deadline now',
          onclick: () => {
            push('next');
            if (next?.issue) show(`issue-${next.issue}`);
          },
        },
        'To the next deadline',
        next ? h('small', { class: 'due-in' }) : null,
      ),
    ),
  );
}

function appPart({ app }: PageView): HTMLElement | string {
  if (app === null) return '';
  const words = { up: 'The app is up', starting: 'The app is starting', down: 'The app is down' } as const;
  return h(
    'div',
    { class: 'cockpit-part', role: 'group', 'aria-label': 'App' },
    h('span', { class: `light ${app.state}`, 'aria-hidden': 'true' }),
    h(
      'span',
      {
        class: 'app-state',
        title: app.restarts > 0 ? `Started again ${app.restarts} times` : 'Started once',
      },
      words[app.state],
      app.restarts > 0 ? h('small', {}, ` ×${app.restarts + 1}`) : null,
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'danger',
        'data-key': 'kill',
        disabled: app.state === 'down',
        title: 'kill -9. It is started again, and goes on where it was.',
        onclick: () => void send('app/kill', {}),
      },
      'Kill the app',
    ),
  );
}

function weatherPart({ weather, slackWeather, troubles }: PageView): HTMLElement {
  const on = [...weather, ...slackWeather].filter(({ isOn }) => isOn);
  const isCalm = on.length === 0 && troubles === 0;
  const text = isCalm
    ? 'Weather: calm'
    : [...on.map(({ label }) => label), troubles > 0 ? `${troubles} to strike` : '']
        .filter(Boolean)
        .join(', ');
  return h(
    'div',
    { class: 'cockpit-part weather', role: 'group', 'aria-label': 'Weather' },
    h(
      'button',
      {
        type: 'button',
        class: `weather-text${isCalm ? '' : ' rough'}`,
        'data-key': 'weather',
        title: `${text}. Make trouble`,
        onclick: () => showTab('trouble'),
      },
      text,
    ),
    isCalm
      ? ''
      : h(
          'button',
          {
            type: 'button',
            'data-key': 'calm',
            onclick: () => void send('weather', {}, 'DELETE').then(refresh),
          },
          'Calm again',
        ),
  );
}

function renderPast({ past }: PageView): void {
  const root = byId('past');
  root.hidden = past === null;
  if (past === null) return root.replaceChildren();
  const bar = h('progress', { max: past.of, value: past.done, 'aria-label': 'Progress' });
  root.replaceChildren(
    h('b', {}, 'Two weeks are being lived'),
    h(
      'span',
      {},
      `by the real app: ${past.requests} requests so far. Look around; act as soon as it is today.`,
    ),
    bar,
    h(
      'button',
      {
        type: 'button',
        onclick: (event) => {
          if (event.target instanceof HTMLButtonElement) event.target.disabled = true;
          void send('past/hurry', {});
        },
      },
      'That is enough',
    ),
  );
}
