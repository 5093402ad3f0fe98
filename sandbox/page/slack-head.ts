/// <reference lib="dom" />
// Above the messages: where one is, who else is there, and the ways in and out.
import type { SlackMeView } from '../control/slack-view.ts';
import type { ChannelView } from '../slack/snapshot.ts';
import { h, slackAvatar } from './dom.ts';
import { actAt } from './slack-act.ts';
import { goTo, type AppTab } from './slack-place.ts';
import { nameOf, signOf, visitApp } from './slack-sidebar.ts';
import { userName } from './slack-text.ts';
import { changed, state } from './state.ts';

/** `tab`: of the app's own place; null elsewhere. */
export function channelHead(me: SlackMeView, channel: ChannelView, tab: AppTab | null): HTMLElement[] {
  const isDirect = channel.kind === 'im' || channel.kind === 'mpim';
  return [
    h(
      'button',
      {
        type: 'button',
        class: 'slack-back',
        'aria-label': 'All channels',
        onclick: () => {
          goTo(state.login, { thread: null });
          document.body.dataset['slack'] = 'places';
        },
      },
      '‹',
    ),
    h(
      'h2',
      {},
      isDirect
        ? slackAvatar(channel.members.find((id) => id !== me.user.id) ?? me.user.id, 22)
        : h('span', { class: 'sign' }, signOf(channel)),
      h('span', {}, nameOf(me, channel)),
    ),
    channel.isShared && !isDirect
      ? h('small', { class: 'connect' }, 'shared with another company')
      : h('span'),
    h('span', { class: 'spring' }),
    tab === null ? (isDirect ? h('span') : members(me, channel)) : tabs(tab),
  ];
}

function tabs(now: AppTab): HTMLElement {
  const tab = (id: AppTab, label: string): HTMLElement =>
    h(
      'button',
      { type: 'button', 'aria-pressed': String(id === now), onclick: () => void visitApp(id) },
      label,
    );
  return h(
    'div',
    { class: 'tabs', role: 'group', 'aria-label': 'Of the app' },
    tab('home', 'Home'),
    tab('messages', 'Messages'),
  );
}

function members(me: SlackMeView, channel: ChannelView): HTMLElement {
  const move = (name: 'join' | 'leave', user: string): void =>
    void actAt(`composer ${channel.id}`, name, { channel: channel.id, user }).then(() => changed());
  const absent = me.users.filter(({ id }) => !channel.members.includes(id));
  const add = h(
    'select',
    {
      'aria-label': 'Add somebody',
      onchange: () => {
        if (add.value !== '') move('join', add.value);
      },
    },
    h('option', { value: '' }, 'Add somebody…'),
    ...absent.map(({ id, realName }) => h('option', { value: id }, realName)),
  );
  return h(
    'details',
    { class: 'menu slack-members' },
    h('summary', { 'aria-label': `Members: ${channel.members.length}` }, `👥 ${channel.members.length}`),
    h(
      'div',
      {},
      h(
        'ul',
        {},
        ...channel.members.map((id) =>
          h(
            'li',
            {},
            slackAvatar(id, 20),
            h('span', {}, userName(id)),
            h(
              'button',
              {
                type: 'button',
                class: 'small',
                'aria-label': `Remove ${userName(id)}`,
                onclick: () => move('leave', id),
              },
              id === me.user.id ? 'Leave' : 'Remove',
            ),
          ),
        ),
      ),
      add,
    ),
  );
}
