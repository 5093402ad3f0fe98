// Says what people wrote on the request's issue in the threads of its cards, where only colleagues read it.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { SlackConnection, MessageBody } from '../../clients/slack/slack-connection.ts';
import type { SlackThread } from '../../domain/entries.ts';
import { minutes } from '../../domain/duration.ts';
import {
  between,
  group,
  personId,
  type Destination,
  type DeskId,
  type Instant,
  type PersonId,
} from '../../domain/names.ts';
import { isOver, type Request } from '../../domain/request.ts';
import type { Remark } from '../../engine/carrier.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { message } from './blocks.ts';
import { clip, typedLines } from './escape.ts';
import { connectionTo, type SlackPeople } from './slack-places.ts';

export interface CarriedReplyParts {
  readonly slack: SlackApp;
  readonly people: Pick<SlackPeople, 'managerOf'>;
  readonly directory: Directory;
  readonly reception: Pick<Reception, 'view'>;
  readonly issueUrl: (request: Request) => Promise<string | undefined>;
  readonly clock: Clock;
}

const longest = 2_500;
/** In a larger channel nobody can say in time who is a guest. */
const mostMembers = 50;
const knownFor = minutes(10);
const done = 5_000;
const member = group('role:member');

/** Throws the first `Failure` after all threads were tried. */
export function createCarriedReplies(parts: CarriedReplyParts): (remark: Remark) => Promise<void> {
  const { slack, directory, reception, issueUrl, clock } = parts;
  const startedAt = clock.now();
  /** What this process has tried to say there, and what it knows to be said. */
  const tried = new Set<string>();
  const said = new Set<string>();
  const internal = new Map<string, { readonly at: Instant; readonly isIt: boolean }>();

  async function sayIn(thread: SlackThread, remark: Remark, body: MessageBody): Promise<void> {
    const { channel, message: card } = thread;
    const key = `${remark.key} ${channel} ${card}`;
    if (said.has(key)) return;
    const connection = await connectionTo(slack, thread.workspace);
    const mayBeThere = tried.has(key) || remark.at <= startedAt;
    tried.add(key);
    const found = mayBeThere
      ? await connection.findMessage({
          ...{ channel, thread: card, since: remark.at },
          isIt: ({ event_type, event_payload }) =>
            event_type === 'countersign_comment' && event_payload['comment'] === remark.key,
        })
      : undefined;
    if (found === undefined) await connection.postMessage({ channel, thread: card, body, lane: 'notice' });
    tried.delete(key);
    said.add(key);
    const [oldest] = said;
    if (said.size > done && oldest !== undefined) said.delete(oldest);
  }

  /** Guests and people of elsewhere read the cards that are for them, and not what colleagues say of it. */
  async function isAmongColleagues(request: Request, to: Destination, thread: SlackThread): Promise<boolean> {
    const told = await personsAt(request, to);
    if (told !== undefined) {
      const members = await Promise.all(
        told.map((person) => directory.belongs(request.desk, person, member)),
      );
      return members.length > 0 && members.every((isMember) => isMember === true);
    }
    const key = `${thread.workspace}/${thread.channel}`;
    const known = internal.get(key);
    if (known && between(known.at, clock.now()) < knownFor) return known.isIt;
    const connection = await connectionTo(slack, thread.workspace);
    const isIt = await isInternal(connection, thread.channel);
    internal.set(key, { at: clock.now(), isIt });
    return isIt;
  }

  /** Whom a direct message is with; undefined of a channel. */
  async function personsAt(
    { desk, requester }: Request,
    to: Destination,
  ): Promise<readonly PersonId[] | undefined> {
    if (to === 'requester') return requester.person === null ? [] : [requester.person];
    const [, kind, names = ''] = /^(person|people|manager):(.*)$/.exec(to) ?? [];
    if (kind === undefined) return undefined;
    if (kind !== 'manager') return names.split(',').map(personId);
    return [await parts.people.managerOf(desk, personId(names))].flatMap((manager) => manager ?? []);
  }

  async function isKnown(desk: DeskId, { account }: Remark): Promise<boolean> {
    return (await directory.person(desk, account)) !== null;
  }

  return async (remark) => {
    const request = await reception.view(remark.request);
    // Whoever may comment on a repository is more than who belongs to the desk.
    if (request === undefined || isOver(request) || !(await isKnown(request.desk, remark))) return;
    const page = await issueUrl(request);
    const body = renderCarried(remark, page === undefined ? undefined : `${page}${remark.anchor ?? ''}`);
    const failures: unknown[] = [];
    for (const { to, thread } of cardsOf(request)) {
      try {
        if (await isAmongColleagues(request, to, thread)) await sayIn(thread, remark, body);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

async function isInternal(connection: SlackConnection, channel: string): Promise<boolean> {
  const found = await connection.channel(channel);
  if (found === undefined || found.isShared || found.isArchived) return false;
  const members = await connection.members(channel);
  if (members.length > mostMembers) return false;
  const { team } = await connection.identity();
  const users = await Promise.all(members.map((id) => connection.user(id)));
  return users.every((user) => user?.team === team && !user.isRestricted && !user.isStranger);
}

/** One for each place: two destinations may be one. */
function cardsOf({
  messages,
}: Request): readonly { readonly to: Destination; readonly thread: SlackThread }[] {
  const cards = new Map<string, { readonly to: Destination; readonly thread: SlackThread }>();
  for (const { notice, to, thread } of messages)
    if (notice === 'card' && thread.surface === 'slack')
      cards.set(`${thread.channel} ${thread.message}`, { to, thread });
  return [...cards.values()];
}

function renderCarried({ request, key, name, text }: Remark, page: string | undefined): MessageBody {
  return {
    ...message([
      [{ bold: name }, ' on GitHub: ', clip(typedLines(text), longest)],
      ...(page === undefined ? [] : [[{ link: page }]]),
    ]),
    metadata: { event_type: 'countersign_comment', event_payload: { request, comment: key } },
  };
}
