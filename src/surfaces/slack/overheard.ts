// What people say in the thread of a card: read as plain words, with who said it, for where else the request is talked about.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import { group, type DeskId } from '../../domain/names.ts';
import type { Remark } from '../../engine/carrier.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { accountOf, type DeliveredOf } from './read-delivery.ts';
import { connectionTo } from './slack-places.ts';

export interface OverheardParts {
  readonly slack: SlackApp;
  readonly directory: Directory;
  readonly reception: Pick<Reception, 'requestOf' | 'view'>;
  readonly overheard: (remark: Remark) => void;
}

const member = group('role:member');

export function createOverhearing({
  slack,
  directory,
  reception,
  overheard,
}: OverheardParts): (reply: DeliveredOf<'reply'>) => Promise<void> {
  /** Whoever is in the channel was let in, and is told apart from the people of the desk. */
  async function nameOf(connection: SlackConnection, desk: DeskId, who: DeliveredOf<'reply'>['who']) {
    const person = await directory.person(desk, accountOf(who));
    if (person !== null && (await directory.belongs(desk, person, member)) === true) return person;
    const shown = (await connection.user(who.user))?.name ?? who.user;
    return `${shown.slice(0, 80)} (${person === null ? 'linked to nobody' : 'guest'})`;
  }

  return async ({ workspace, channel, thread, ts, text, who, at }) => {
    const about = await reception.requestOf({ surface: 'slack', workspace, channel, message: thread });
    const request = about && (await reception.view(about));
    if (request === undefined || text.trim() === '') return;
    const connection = await connectionTo(slack, workspace);
    overheard({
      request: request.id,
      key: `slack.${workspace}.${channel}.${ts}`,
      account: accountOf(who),
      name: await nameOf(connection, request.desk, who),
      text: await plainWords(text, async (user) => (await connection.user(user))?.name),
      at,
    });
  };
}

/** Of Slack's markup for mentions, channels, links and times, what a reader saw. */
export async function plainWords(
  text: string,
  nameOf: (user: string) => Promise<string | undefined>,
): Promise<string> {
  const marks = [...text.matchAll(markup)];
  const users = [...new Set(marks.flatMap(([, mark = '']) => /^@([A-Z0-9]+)/.exec(mark)?.[1] ?? []))];
  const named = await Promise.all(
    users.slice(0, mostNamed).map(async (user) => [user, await nameOf(user).catch(() => undefined)] as const),
  );
  const names = new Map(named);
  return text
    .replace(markup, (_, mark: string) => wordsOf(mark, names))
    .replace(/&(lt|gt|amp);/g, (_, name: string) => entities[name] ?? '');
}

const markup = /<([^<>\n]+)>/g;
const mostNamed = 20;
const entities: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&' };

function wordsOf(mark: string, names: ReadonlyMap<string, string | undefined>): string {
  const bar = mark.indexOf('|');
  const [what, label] = bar === -1 ? [mark, ''] : [mark.slice(0, bar), mark.slice(bar + 1)];
  if (what.startsWith('@')) return `@${label || (names.get(what.slice(1)) ?? what.slice(1))}`;
  if (what.startsWith('#')) return `#${label || what.slice(1)}`;
  if (what.startsWith('!')) return label || `@${what.slice(1)}`;
  return label === '' || label === what ? what : `${label} (${what})`;
}
