/// <reference lib="dom" />
// The messages of a channel or a thread: who said it when, what an app may add to it, and what only one person sees.
import type { MessageView } from '../slack/snapshot.ts';
import { h, slackAvatar } from './dom.ts';
import { actAt, noteAt, slackAsk } from './slack-act.ts';
import { blockNode } from './slack-blocks.ts';
import type { Actor } from './slack-elements.ts';
import { listIn, textIn, type Json } from './slack-json.ts';
import { goTo } from './slack-place.ts';
import { clock, mrkdwn, nearDay } from './slack-text.ts';
import { changed, refresh, state } from './state.ts';
import { nowMs } from './times.ts';
import { tick } from './tour.ts';

export interface Where {
  readonly channel: string;
  /** The root of the thread that is shown; null in the channel. */
  readonly thread: string | null;
}

interface Shown {
  readonly content: string;
  readonly node: HTMLElement;
}

/** Messages that did not change keep their element, with the menu that is open in it. */
const nodes = new Map<string, Shown>();
const together = 5 * 60;

export function messageList(messages: readonly MessageView[], where: Where): HTMLElement[] {
  const wanted = new Set<string>();
  const list = messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const isNewDay = before === undefined || dayOf(before.ts) !== dayOf(message.ts);
    const isMore = !isNewDay && isSameBreath(before, message);
    const key = `${state.login} ${where.thread ?? ''} ${where.channel} ${message.ts}`;
    wanted.add(key);
    return [...(isNewDay ? [dayLine(message.ts)] : []), kept(key, message, { ...where, isMore })];
  });
  const side = `${state.login} ${where.thread ?? ''} `;
  for (const key of nodes.keys()) if (key.startsWith(side) && !wanted.has(key)) nodes.delete(key);
  return list;
}

function isSameBreath(before: MessageView, message: MessageView): boolean {
  const gap = Number(message.ts) - Number(before.ts);
  return (
    before.by === message.by &&
    gap < together &&
    !message.isApp &&
    !before.isEphemeral &&
    before.replies === 0
  );
}

function kept(key: string, message: MessageView, at: Where & { readonly isMore: boolean }): HTMLElement {
  const content = JSON.stringify([message, at.isMore, noteAt(`${at.channel}/${message.ts}`)]);
  const known = nodes.get(key);
  if (known?.content === content) return known.node;
  const node = messageNode(message, at);
  if (known === undefined && nowMs() - Number(message.ts) * 1000 < 5000) node.classList.add('fresh');
  nodes.set(key, { content, node });
  return node;
}

function dayOf(ts: string): string {
  return new Date(Number(ts) * 1000).toDateString();
}

function dayLine(ts: string): HTMLElement {
  const at = new Date(Number(ts) * 1000);
  const near = nearDay(at);
  const text =
    near === undefined
      ? new Intl.DateTimeFormat('en', { weekday: 'long', month: 'long', day: 'numeric' }).format(at)
      : near.charAt(0).toUpperCase() + near.slice(1);
  return h('p', { class: 'day' }, h('span', {}, text));
}

function messageNode(message: MessageView, at: Where & { readonly isMore: boolean }): HTMLElement {
  const { body, by, byName, isApp, isEphemeral, ts } = message;
  const when = clock(new Date(Number(ts) * 1000));
  const place = `${at.channel}/${ts}`;
  const note = noteAt(place);
  return h(
    'article',
    { class: `message${at.isMore ? ' more' : ''}${isEphemeral ? ' ephemeral' : ''}`, 'data-ts': ts },
    at.isMore ? h('time', { class: 'gutter' }, when) : slackAvatar(by, 36),
    h(
      'div',
      { class: 'message-body' },
      isEphemeral ? h('p', { class: 'only-you' }, '👁 Only visible to you') : null,
      at.isMore
        ? null
        : h(
            'header',
            {},
            h('b', {}, byName),
            isApp ? h('span', { class: 'app-tag' }, 'APP') : null,
            elsewhere(by),
            h('time', { title: new Date(Number(ts) * 1000).toString() }, when),
          ),
      ...contentOf(message, at.channel),
      body['edited'] === undefined ? null : h('small', { class: 'was-edited' }, '(edited)'),
      note === undefined ? null : h('p', { class: 'slack-trouble', role: 'alert' }, `⚠ ${note}`),
      at.thread === null ? replies(message, at.channel) : null,
    ),
    isEphemeral ? null : messageMenu(message, at),
  );
}

function contentOf({ body, ts, isEphemeral }: MessageView, channel: string): Array<HTMLElement | null> {
  const blocks = listIn(body, 'blocks');
  if (blocks.length === 0) return [mrkdwn(textIn(body, 'text'))];
  const actor: Actor = {
    press: (action, block, choose) =>
      actAt(`${channel}/${ts}`, 'press', {
        ...{ channel, ts, action, block },
        ...(choose === undefined ? {} : { choose }),
      }).then((outcome) => {
        if (outcome?.ok && action === 'approve') tick('approve');
        changed();
      }),
    suggest: (action, block) => async (typed) => {
      const outcome = await slackAsk<{ options: readonly Json[] }>('suggest', {
        channel,
        ts,
        action,
        block,
        typed,
      });
      return outcome?.ok ? outcome.options : [];
    },
  };
  const drawn = blocks.map((block) => blockNode(block, actor));
  // One breath for what an app said at length; a person's words stand alone.
  return isEphemeral || blocks.length === 1 ? drawn : [h('div', { class: 'blocks' }, ...drawn)];
}

/** Slack marks who is not of one's own workspace. */
function elsewhere(user: string): HTMLElement | null {
  const kind = state.slack?.users.find(({ id }) => id === user)?.kind;
  if (kind === 'guest') return h('span', { class: 'app-tag' }, 'GUEST');
  return kind === 'elsewhere' ? h('span', { class: 'app-tag' }, 'EXTERNAL') : null;
}

function replies({ body, replies, ts }: MessageView, channel: string): HTMLElement | null {
  if (replies === 0) return null;
  const users = body['reply_users'];
  const faces = Array.isArray(users) ? users.filter((one): one is string => typeof one === 'string') : [];
  return h(
    'button',
    { type: 'button', class: 'replies', onclick: () => openThread(channel, ts) },
    ...faces.map((user) => slackAvatar(user, 20)),
    `${replies} ${replies === 1 ? 'reply' : 'replies'}`,
  );
}

export function openThread(channel: string, thread: string | null): void {
  goTo(state.login, { channel, thread });
  void refresh();
}

function messageMenu({ ts, thread }: MessageView, { channel, thread: shown }: Where): HTMLElement {
  const shortcuts = (state.slack?.app?.shortcuts ?? []).filter(({ type }) => type === 'message');
  const item = (label: string, act: () => void): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        onclick: (event) => {
          if (event.target instanceof Element) event.target.closest('details')?.removeAttribute('open');
          act();
        },
      },
      label,
    );
  return h(
    'details',
    { class: 'menu message-menu' },
    h('summary', { 'aria-label': 'More of this message' }, '⋮'),
    h(
      'div',
      {},
      shown === null ? item('Reply in thread', () => openThread(channel, thread ?? ts)) : null,
      ...shortcuts.map(({ name, callback_id }) =>
        item(
          `${name} · ${state.slack?.app?.name ?? ''}`,
          () =>
            void actAt(`${channel}/${ts}`, 'messageShortcut', { channel, ts, callback: callback_id }).then(
              () => changed(),
            ),
        ),
      ),
    ),
  );
}
