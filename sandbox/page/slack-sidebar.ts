/// <reference lib="dom" />
// Where one can be in Slack: channels, direct messages, the app; what is unread is bold, and counted where it is for one person.
import type { SlackMeView } from '../control/slack-view.ts';
import type { ChannelView } from '../slack/snapshot.ts';
import { h, slackAvatar } from './dom.ts';
import { slackAct } from './slack-act.ts';
import { goTo, isUnread, placeOf, unreadCount, type AppTab } from './slack-place.ts';
import { userName } from './slack-text.ts';
import { refresh, state } from './state.ts';

export function sidebar(me: SlackMeView): HTMLElement[] {
  const groups = me.channels.filter(({ kind }) => kind === 'public' || kind === 'private');
  const direct = me.channels.filter(
    ({ kind, id }) => (kind === 'im' || kind === 'mpim') && id !== me.app?.channel,
  );
  return [
    h(
      'header',
      {},
      h('b', {}, me.workspace),
      h('small', {}, `${me.user.realName}${me.user.kind === 'member' ? '' : `, ${me.user.kind}`}`),
    ),
    ...part(
      'Channels',
      groups.map((channel) => row(me, channel)),
    ),
    ...part(
      'Direct messages',
      direct.map((channel) => row(me, channel)),
    ),
    ...part('Apps', me.app ? [appRow(me, me.app.name)] : []),
  ];
}

function part(title: string, rows: readonly HTMLElement[]): HTMLElement[] {
  return rows.length === 0 ? [] : [h('h4', {}, title), h('ul', {}, ...rows)];
}

function row(me: SlackMeView, channel: ChannelView): HTMLElement {
  const isDirect = channel.kind === 'im' || channel.kind === 'mpim';
  const others = channel.members.filter((id) => id !== me.user.id);
  return entry({
    sign: isDirect ? slackAvatar(others[0] ?? me.user.id, 18) : h('span', { class: 'sign' }, signOf(channel)),
    name: nameOf(me, channel),
    channel: channel.id,
    isUnread: channel.isMember && isUnread(state.login, channel),
    count: isDirect ? (unreadCount(state.login, channel) ?? '•') : null,
    isFaint: !channel.isMember,
    open: () => void visit(channel.id),
  });
}

function appRow(me: SlackMeView, name: string): HTMLElement {
  const channel = me.channels.find(({ id }) => id === me.app?.channel);
  return entry({
    sign: slackAvatar(me.app?.user ?? '', 18),
    name,
    channel: channel?.id ?? null,
    isUnread: channel !== undefined && isUnread(state.login, channel),
    count: channel ? (unreadCount(state.login, channel) ?? '•') : null,
    isFaint: false,
    open: () => void visitApp(channel && isUnread(state.login, channel) ? 'messages' : 'home'),
  });
}

interface Entry {
  readonly sign: HTMLElement;
  readonly name: string;
  readonly channel: string | null;
  readonly isUnread: boolean;
  /** In a direct message; null elsewhere. */
  readonly count: number | string | null;
  readonly isFaint: boolean;
  readonly open: () => void;
}

function entry(parts: Entry): HTMLElement {
  const isHere = parts.channel !== null && placeOf(state.login).channel === parts.channel;
  const marks = [parts.isUnread ? 'unread' : '', parts.isFaint ? 'faint' : ''].filter(Boolean).join(' ');
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: marks || null,
        'aria-current': isHere ? 'true' : null,
        'aria-label': `${parts.name}${parts.isUnread ? ', unread' : ''}`,
        'data-key': `place ${parts.name}`,
        onclick: parts.open,
      },
      parts.sign,
      h('span', { class: 'place-name' }, parts.name),
      parts.isUnread && parts.count !== null
        ? h('span', { class: 'slack-badge', 'aria-hidden': 'true' }, String(parts.count))
        : null,
    ),
  );
}

export function signOf({ kind, isShared }: ChannelView): string {
  return kind === 'private' ? '🔒' : isShared ? '⇆' : '#';
}

export function nameOf(me: SlackMeView, channel: ChannelView): string {
  if (channel.kind !== 'im' && channel.kind !== 'mpim') return channel.name;
  const others = channel.members.filter(
    (id) => id !== me.user.id && (channel.kind === 'im' || id !== me.app?.user),
  );
  return others.map(userName).join(', ');
}

export function visit(channel: string): Promise<void> {
  goTo(state.login, { channel, thread: null });
  document.body.dataset['slack'] = 'inside';
  return refresh();
}

/** Opening the Home tells the app, which then draws it anew. */
export async function visitApp(tab: AppTab): Promise<void> {
  if (tab === 'home') {
    const opened = await slackAct<{ channel: string }>('openHome');
    if (opened?.ok) goTo(state.login, { channel: opened.channel, thread: null, tab });
  } else if (state.slack?.app?.channel) {
    goTo(state.login, { channel: state.slack.app.channel, thread: null, tab });
  }
  document.body.dataset['slack'] = 'inside';
  return refresh();
}
