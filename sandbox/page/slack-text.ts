/// <reference lib="dom" />
// Texts as Slack shows them: rich text, its older markup, mentions, and dates where the reader is.
import { h } from './dom.ts';
import { inside, listIn, textIn, type Json } from './slack-json.ts';
import { show, state } from './state.ts';
import { nowMs } from './times.ts';

export function richText(block: Json): HTMLElement {
  return h('div', { class: 'rich' }, ...listIn(block, 'elements').map(section));
}

function section(element: Json): HTMLElement {
  const parts = listIn(element, 'elements');
  switch (element['type']) {
    case 'rich_text_list': {
      const tag = element['style'] === 'ordered' ? 'ol' : 'ul';
      return h(tag, {}, ...parts.map((each) => h('li', {}, ...listIn(each, 'elements').map(piece))));
    }
    case 'rich_text_preformatted':
      return h('pre', {}, ...parts.map(piece));
    case 'rich_text_quote':
      return h('blockquote', {}, ...parts.map(piece));
    default:
      return h('p', {}, ...parts.map(piece));
  }
}

function piece(element: Json): Node | string {
  switch (element['type']) {
    case 'text':
      return styled(textIn(element, 'text'), inside(element, 'style'));
    case 'link':
      return link(textIn(element, 'url'), textIn(element, 'text'));
    case 'user':
      return userMention(textIn(element, 'user_id'));
    case 'usergroup':
      return groupMention(textIn(element, 'usergroup_id'));
    case 'channel':
      return channelMention(textIn(element, 'channel_id'));
    case 'broadcast':
      return h('span', { class: 'mention' }, `@${textIn(element, 'range')}`);
    case 'emoji':
      return emojiOf(textIn(element, 'unicode')) || `:${textIn(element, 'name')}:`;
    case 'date':
      return date(Number(element['timestamp']), textIn(element, 'format'), textIn(element, 'fallback'));
    default:
      return textIn(element, 'text');
  }
}

function emojiOf(unicode: string): string {
  if (unicode === '') return '';
  return String.fromCodePoint(...unicode.split('-').map((each) => Number.parseInt(each, 16)));
}

function styled(text: string, style: Json): Node | string {
  let node: Node | string = text;
  if (style['code'] === true) node = h('code', {}, node);
  if (style['bold'] === true) node = h('b', {}, node);
  if (style['italic'] === true) node = h('i', {}, node);
  if (style['strike'] === true) node = h('s', {}, node);
  return node;
}

/** Slack's older markup: `*bold*`, `<@U…>`, `<https://…|text>`. */
export function mrkdwn(text: string): HTMLElement {
  const lines = text.split('\n').map((line, index) => [...(index > 0 ? [h('br')] : []), ...inline(line)]);
  return h('span', { class: 'mrkdwn' }, ...lines.flat());
}

const marks = /<([^<>]+)>|`([^`]+)`|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<![\w_])_([^_\n]+)_(?!\w)|~([^~\n]+)~/g;

function inline(line: string): Array<Node | string> {
  const out: Array<Node | string> = [];
  let at = 0;
  for (const match of line.matchAll(marks)) {
    out.push(unescaped(line.slice(at, match.index)));
    const [whole, angle, code, bold, italic, strike] = match;
    if (angle !== undefined) out.push(angled(angle));
    else if (code !== undefined) out.push(h('code', {}, unescaped(code)));
    else if (bold !== undefined) out.push(h('b', {}, ...inline(bold)));
    else if (italic !== undefined) out.push(h('i', {}, ...inline(italic)));
    else out.push(h('s', {}, ...inline(strike ?? '')));
    at = match.index + whole.length;
  }
  out.push(unescaped(line.slice(at)));
  return out;
}

function angled(inner: string): Node | string {
  const [what = '', label = ''] = inner.split(/\|(.*)/s);
  const [, user] = /^@([UW]\w+)$/.exec(what) ?? [];
  if (user !== undefined) return userMention(user);
  const [, channel] = /^#(C\w+)$/.exec(what) ?? [];
  if (channel !== undefined) return channelMention(channel);
  const [, group] = /^!subteam\^(S\w+)$/.exec(what) ?? [];
  if (group !== undefined) return groupMention(group);
  const [, stamp, format] = /^!date\^(\d+)\^([^^]+)/.exec(what) ?? [];
  if (stamp !== undefined) return date(Number(stamp), format ?? '', unescaped(label));
  if (what.startsWith('!')) return h('span', { class: 'mention' }, `@${what.slice(1)}`);
  return link(unescaped(what), unescaped(label));
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** An issue of the desk opens on this page, in its other half. */
function link(url: string, label: string): HTMLElement | string {
  if (!/^(https?|mailto):/.test(url)) return label || url;
  const [, issue] =
    new RegExp(`^${location.origin}/${state.view?.desk}/(?:issues|pull)/(\\d+)`).exec(url) ?? [];
  if (issue === undefined) return h('a', { href: url, target: '_blank', rel: 'noreferrer' }, label || url);
  return h(
    'a',
    {
      href: `#issue-${issue}`,
      title: 'Opens in the GitHub half',
      onclick: (event) => {
        event.preventDefault();
        document.body.dispatchEvent(new CustomEvent('show-github'));
        show(`issue-${issue}`);
      },
    },
    label || url,
  );
}

export function userName(id: string): string {
  return state.slack?.users.find((user) => user.id === id)?.realName ?? id;
}

function userMention(id: string): HTMLElement {
  const isMe = state.slack?.user.id === id;
  return h('span', { class: `mention${isMe ? ' of-me' : ''}` }, `@${userName(id)}`);
}

function groupMention(id: string): HTMLElement {
  const handle = state.slack?.groups.find((group) => group.id === id)?.handle ?? id;
  return h('span', { class: 'mention' }, `@${handle}`);
}

function channelMention(id: string): HTMLElement {
  const name =
    state.slack?.channels.find((channel) => channel.id === id)?.name ?? 'a channel that you do not see';
  return h('span', { class: 'mention' }, `#${name}`);
}

/** As Slack words it, in the reader's own time. */
function date(seconds: number, format: string, fallback: string): HTMLElement {
  const at = new Date(seconds * 1000);
  const text = format.replaceAll(/\{(\w+)\}/g, (whole, name: string) => dateWords(at, name) ?? whole);
  return h('span', { class: 'date', title: fallback, 'data-time': at.toISOString() }, text || fallback);
}

function dateWords(at: Date, name: string): string | undefined {
  const day = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en', options).format(at);
  const long = { month: 'long', day: 'numeric', year: 'numeric' } as const;
  const short = { month: 'short', day: 'numeric', year: 'numeric' } as const;
  switch (name) {
    case 'date_num':
      return at.toISOString().slice(0, 10);
    case 'date':
      return day(long);
    case 'date_short':
      return day(short);
    case 'date_long':
      return day({ ...long, weekday: 'long' });
    case 'date_pretty':
      return nearDay(at) ?? day(long);
    case 'date_short_pretty':
      return nearDay(at) ?? day(short);
    case 'date_long_pretty':
      return nearDay(at) ?? day({ ...long, weekday: 'long' });
    case 'time':
      return clock(at);
    case 'time_secs':
      return day({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    default:
      return undefined;
  }
}

/** “today”, where that is so. */
export function nearDay(at: Date): string | undefined {
  const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(at.getTime()) - midnight(nowMs())) / 86_400_000);
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : days === -1 ? 'yesterday' : undefined;
}

export function clock(at: Date): string {
  return new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}
