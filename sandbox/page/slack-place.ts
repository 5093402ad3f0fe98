/// <reference lib="dom" />
// Where each person is in Slack: the channel, the thread beside it, and what they have read.

/** The app's own tabs stand in its direct message. */
export type AppTab = 'home' | 'messages';

interface Place {
  readonly channel: string | null;
  readonly thread: string | null;
  readonly tab: AppTab;
  /** How many messages are shown. */
  readonly most: number;
}

const nowhere: Place = { channel: null, thread: null, tab: 'messages', most: 30 };
const places = new Map<string, Place>();

export function placeOf(login: string): Place {
  return places.get(login) ?? { ...nowhere, channel: localStorage.getItem(`slack-channel ${login}`) };
}

export function goTo(login: string, place: Partial<Place>): void {
  const before = placeOf(login);
  const isElsewhere = place.channel !== undefined && place.channel !== before.channel;
  places.set(login, { ...before, ...(isElsewhere ? nowhere : {}), ...place });
  if (place.channel) localStorage.setItem(`slack-channel ${login}`, place.channel);
}

export function slackQuery(login: string): string {
  const { channel, thread, most } = placeOf(login);
  const query = new URLSearchParams({ as: login, most: String(most) });
  if (channel !== null) query.set('channel', channel);
  if (thread !== null) query.set('thread', thread);
  return `slack?${query}`;
}

interface Counted {
  readonly id: string;
  readonly latest: string | null;
  readonly messages: number;
}

/** Slack's times are texts of one length, so that they can be compared as they are. */
export function isUnread(login: string, { id, latest }: Counted): boolean {
  return latest !== null && latest > (marked(login, id)[0] || began());
}

/** How many came since; undefined where nobody ever looked. */
export function unreadCount(login: string, { id, messages }: Counted): number | undefined {
  const [, count] = marked(login, id);
  return count === undefined ? undefined : Math.max(1, messages - Number(count));
}

export function read(login: string, { id, latest, messages }: Counted): void {
  if (latest !== null) localStorage.setItem(`slack-read ${login} ${id}`, `${latest} ${messages}`);
}

function marked(login: string, channel: string): readonly string[] {
  return (localStorage.getItem(`slack-read ${login} ${channel}`) ?? '').split(' ');
}

/** What was said long before anybody looked at this page is read. */
function began(): string {
  return localStorage.getItem('slack-began') ?? '0';
}

const freshMs = 30 * 60_000;

export function beginReading(now: number): void {
  if (localStorage.getItem('slack-began') !== null) return;
  localStorage.setItem('slack-began', `${Math.floor((now - freshMs) / 1000)}.000000`);
}
