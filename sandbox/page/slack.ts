/// <reference lib="dom" />
// The Slack half: the same people as on GitHub, and some who are here alone; redrawn part by part, so that nobody loses what they type.
import type { SlackMeView } from '../control/slack-view.ts';
import { byId, h } from './dom.ts';
import { actAt, noteAt } from './slack-act.ts';
import { slackComposer } from './slack-composer.ts';
import { channelHead } from './slack-head.ts';
import { renderSlackHome } from './slack-home.ts';
import { messageList, openThread } from './slack-messages.ts';
import { renderModal } from './slack-modal.ts';
import { goTo, placeOf, read, type AppTab } from './slack-place.ts';
import { sidebar } from './slack-sidebar.ts';
import { actor, changed, refresh, state } from './state.ts';

let drawnPlace = '';
let drawnSidebar = '';

export function renderSlack(): void {
  const root = byId('slack');
  const { view, slack: me } = state;
  if (!view) return;
  root.hidden = !view.hasSlack;
  if (!me) return nobody(root);
  // First where something may be for this person.
  if (!me.open) return chooseFirst(me);
  if (!root.querySelector('.slack-places')) build(root);
  root.classList.toggle('down', me.isDown);
  part(root, '.slack-down').hidden = !me.isDown;
  renderSidebar(part(root, '.slack-places'), me);
  renderPlace(root, me);
  renderModal(part(root, '.slack-layer'));
}

function nobody(root: HTMLElement): void {
  drawnPlace = '';
  drawnSidebar = '';
  const person = actor();
  if (!person || person.slack !== null) return;
  root.replaceChildren(
    h(
      'div',
      { class: 'slack-nobody' },
      h('h2', {}, `${person.name} is not on this Slack`),
      h('p', {}, 'Be somebody else: click on a face above.'),
    ),
  );
}

function chooseFirst(me: SlackMeView): void {
  // Where something was said last: the card that waits, most likely.
  const [first] = me.channels
    .filter(({ isMember }) => isMember)
    .sort((a, b) => ((a.latest ?? '') > (b.latest ?? '') ? -1 : 1));
  if (!first || placeOf(state.login).channel === first.id) return;
  goTo(state.login, { channel: first.id });
  void refresh();
}

function build(root: HTMLElement): void {
  root.replaceChildren(
    h(
      'p',
      { class: 'slack-down', role: 'status', hidden: true },
      h('b', {}, 'Slack is down. '),
      'What is decided on GitHub goes on; cards catch up afterwards.',
    ),
    h(
      'div',
      { class: 'slack-columns' },
      h('nav', { class: 'slack-places', 'aria-label': 'Channels' }),
      h(
        'div',
        { class: 'slack-main' },
        h('div', { class: 'slack-head' }),
        h('div', { class: 'slack-messages' }),
        h('div', { class: 'slack-foot' }),
      ),
      h('section', { class: 'slack-thread', 'aria-label': 'Thread', hidden: true }),
    ),
    h('div', { class: 'slack-layer' }),
  );
}

function part(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The Slack half has no ${selector}.`);
  return found;
}

function renderSidebar(root: HTMLElement, me: SlackMeView): void {
  const rows = sidebar(me);
  const content = rows.map((each) => each.outerHTML).join('');
  if (content === drawnSidebar) return;
  drawnSidebar = content;
  const focused = root.contains(document.activeElement)
    ? document.activeElement?.getAttribute('data-key')
    : null;
  root.replaceChildren(...rows);
  if (focused) root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function renderPlace(root: HTMLElement, me: SlackMeView): void {
  const { open } = me;
  if (!open) return;
  const { tab, thread } = placeOf(state.login);
  const isApp = open.channel.id === me.app?.channel;
  const isHome = isApp && tab === 'home';
  const key = `${state.login} ${open.channel.id} ${isHome ? 'home' : ''}`;
  const isNew = key !== drawnPlace;
  drawnPlace = key;
  renderHead(part(root, '.slack-head'), me, isApp ? tab : null);
  if (isHome) {
    renderSlackHome(part(root, '.slack-messages'), me, isNew);
    const foot = part(root, '.slack-foot');
    foot.replaceChildren();
    delete foot.dataset['place'];
  } else renderMessages(root, me, isNew);
  renderThread(root, me, thread);
}

/** An open menu stays open while nothing in it changes. */
function renderHead(head: HTMLElement, me: SlackMeView, tab: AppTab | null): void {
  if (!me.open) return;
  const { id, members, isMember } = me.open.channel;
  const content = JSON.stringify([state.login, id, members, isMember, tab]);
  if (head.dataset['content'] === content) return;
  head.dataset['content'] = content;
  head.replaceChildren(...channelHead(me, me.open.channel, tab));
}

function renderMessages(root: HTMLElement, me: SlackMeView, isNew: boolean): void {
  const { open } = me;
  if (!open) return;
  const { channel, messages, older } = open;
  // First: what is left of the height is for the messages.
  const { isAtEnd, box } = endOf(root, isNew);
  renderFoot(part(root, '.slack-foot'), me);
  const list = messageList(messages, { channel: channel.id, thread: null });
  const content = [...(older > 0 ? [earlier(older)] : list.length === 0 ? [beginning(me)] : []), ...list];
  replaceWhereChanged(box, content);
  if (isAtEnd) box.scrollTop = box.scrollHeight;
  if (isSeen(root)) read(state.login, channel);
}

/** Whoever reads further up stays there. */
function endOf(root: HTMLElement, isNew: boolean): { readonly box: HTMLElement; readonly isAtEnd: boolean } {
  const box = part(root, '.slack-messages');
  return { box, isAtEnd: isNew || box.scrollHeight - box.scrollTop - box.clientHeight < 60 };
}

/** What nobody can see is not read. */
function isSeen(root: HTMLElement): boolean {
  return root.offsetParent !== null && document.visibilityState === 'visible';
}

function replaceWhereChanged(box: HTMLElement, content: readonly HTMLElement[]): void {
  const now = [...box.children];
  const isSame =
    now.length === content.length &&
    content.every(
      (each, at) => now[at] === each || (now[at]?.outerHTML === each.outerHTML && !each.matches('.message')),
    );
  if (!isSame) box.replaceChildren(...content);
}

function earlier(count: number): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'earlier',
      onclick: () => {
        goTo(state.login, { most: placeOf(state.login).most + 60 });
        void refresh();
      },
    },
    `${count} earlier ${count === 1 ? 'message' : 'messages'}`,
  );
}

function beginning({ open, app }: SlackMeView): HTMLElement {
  const text =
    open?.channel.id === app?.channel
      ? `This is the very beginning of your messages with ${app?.name}.`
      : 'Nothing was said here yet. Ask for something: type /access below.';
  return h('p', { class: 'empty' }, text);
}

function renderFoot(foot: HTMLElement, me: SlackMeView): void {
  const { open } = me;
  if (!open) return;
  const { channel } = open;
  const place = `${state.login} ${channel.id} ${channel.isMember}`;
  if (foot.dataset['place'] !== place) {
    foot.dataset['place'] = place;
    foot.replaceChildren(
      h('div', { class: 'foot-note' }),
      channel.isMember
        ? slackComposer({ channel: channel.id, thread: null, name: labelOf(me) })
        : joinBox(channel.id, labelOf(me)),
    );
  }
  const note = noteAt(`composer ${channel.id}`);
  part(foot, '.foot-note').replaceChildren(...(note === undefined ? [] : [slackbot(note)]));
}

function labelOf(me: SlackMeView): string {
  const channel = me.open?.channel;
  if (channel?.id === me.app?.channel) return me.app?.name ?? '';
  return channel?.kind === 'im' || channel?.kind === 'mpim' ? channel.name : `#${channel?.name}`;
}

/** Slack itself answers what went wrong, to this person alone. */
function slackbot(text: string): HTMLElement {
  return h(
    'p',
    { class: 'slackbot', role: 'alert' },
    h('span', { class: 'only-you' }, '👁 Only visible to you'),
    h('b', {}, 'Slackbot '),
    text,
  );
}

function joinBox(channel: string, name: string): HTMLElement {
  return h(
    'p',
    { class: 'join-box' },
    h('b', {}, name),
    h(
      'button',
      {
        type: 'button',
        class: 'slack-button primary',
        onclick: () => void actAt(`composer ${channel}`, 'join', { channel }).then(() => changed()),
      },
      'Join channel',
    ),
  );
}

function renderThread(root: HTMLElement, me: SlackMeView, thread: string | null): void {
  const box = part(root, '.slack-thread');
  const replies = me.open?.thread;
  box.hidden = thread === null || !replies;
  root.classList.toggle('with-thread', !box.hidden);
  if (thread === null || !replies || !me.open) {
    delete box.dataset['place'];
    return;
  }
  const channel = me.open.channel.id;
  const place = `${state.login} ${channel} ${thread}`;
  if (box.dataset['place'] !== place) {
    box.dataset['place'] = place;
    box.replaceChildren(
      h(
        'header',
        {},
        h('b', {}, 'Thread'),
        h(
          'button',
          {
            type: 'button',
            class: 'close',
            'aria-label': 'Close the thread',
            onclick: () => openThread(channel, null),
          },
          '×',
        ),
      ),
      h('div', { class: 'slack-replies' }),
      me.open.channel.isMember ? slackComposer({ channel, thread, name: '' }) : h('span'),
    );
  }
  replaceWhereChanged(part(box, '.slack-replies'), messageList(replies, { channel, thread }));
}
