// Slack as the engine sees it: the cards of a request, the few notices, and private answers.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { MessageMetadata, PostedMessage } from '../../clients/slack/answers.ts';
import { hasCode } from '../../clients/slack/failure.ts';
import type { MessageBody } from '../../clients/slack/slack-connection.ts';
import { cardOf, type Card } from '../../domain/card.ts';
import type { Command, Voice } from '../../domain/commands.ts';
import { minutes } from '../../domain/duration.ts';
import type { SlackThread } from '../../domain/entries.ts';
import {
  between,
  personId,
  type Destination,
  type DeskId,
  type Group,
  type Instant,
  type Milliseconds,
  type PersonId,
} from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { OwedNotice, Request } from '../../domain/request.ts';
import { doorOf, tellsAdmins } from '../../domain/routes.ts';
import type { DoorSurface } from '../../engine/doors.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Shown, ShownCard } from '../../engine/ports/surface.ts';
import type { Mentions } from './pieces.ts';
import { renderRefusal } from './render-answer.ts';
import { renderCard } from './render-card.ts';
import { renderNotice } from './render-notice.ts';
import { connectionTo, placeFor, type SlackPeople, type SlackPlace } from './slack-places.ts';
import type { ToldInForms } from './told-in-forms.ts';

export interface SlackSurfaceParts {
  readonly slack: SlackApp;
  readonly people: SlackPeople & { admins(desk: DeskId): Promise<readonly Group[]> };
  /** The page of a request's issue, if it has one. */
  readonly issueUrl: (request: Request) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly told: ToldInForms;
  readonly deafness: Deafness;
}

/** Whether what people do on Slack reaches us. */
export interface Deafness {
  /** Since when it does not. */
  since(): Instant | undefined;
  /** When it last began to again. */
  endedAt(): Instant | undefined;
}

/** Who could not press anything until so long ago had no chance to decide. */
const graceAfterOutage: Milliseconds = minutes(10);

export function createSlackSurface(parts: SlackSurfaceParts): DoorSurface {
  const { slack, people, clock, told, deafness } = parts;
  /** What this process has tried to say: only then, or before it began, may it be there unknown to us. */
  const tried = new Set<string>();
  const startedAt = clock.now();

  async function showCard(request: Request, to: Destination, { known, latest }: ShownCard): Promise<Shown> {
    const body = async (): Promise<MessageBody> => cardBody(await latest(), to);
    if (known?.thread.surface === 'slack' && (await edit(known.thread, body))) return known;
    const place = await placeFor(parts, request, to);
    // Two destinations may be one place: then one card is for both.
    const same = request.messages.find(
      ({ notice, thread, ref }) => notice === 'card' && ref !== known?.ref && isAt(thread, place),
    );
    if (same) return { thread: same.thread, ref: same.ref };
    return postOnce(request, place, {
      key: `card ${to}`,
      isIt: ({ event_type, event_payload }) =>
        event_type === 'countersign_card' &&
        event_payload['request'] === request.id &&
        event_payload['to'] === to,
      body,
      // Whoever finds its card again wants it to be as the request is now.
      found: (thread) => edit(thread, body),
    });
  }

  async function cardBody(request: Request, to: Destination): Promise<MessageBody> {
    const card = cardOf(request);
    const [mentions, issue] = await Promise.all([
      mentionsFor(request.desk, namedOn(card)),
      parts.issueUrl(request),
    ]);
    return renderCard(card, { mentions, to, ...(issue !== undefined && { issue }) });
  }

  /** False where the message is gone. */
  async function edit(
    { workspace, channel, message }: SlackThread,
    body: () => Promise<MessageBody>,
  ): Promise<boolean> {
    const connection = await connectionTo(slack, workspace);
    try {
      await connection.updateMessage({ channel, message, body });
      return true;
    } catch (error) {
      if (hasCode(error, 'message_not_found')) return false;
      throw error;
    }
  }

  async function sendNotice(request: Request, { notice, to }: OwedNotice): Promise<Shown> {
    const body = async (): Promise<MessageBody> => {
      const admins = tellsAdmins(request, notice) ? await people.admins(request.desk) : [];
      const mentions = await mentionsFor(request.desk, [...namedOn(cardOf(request)), ...personsIn(admins)]);
      const text = renderNotice(request, notice, { mentions, admins, now: clock.now() });
      if (text === undefined) throw nothingToSay();
      return {
        ...text,
        metadata: { event_type: 'countersign_notice', event_payload: { request: request.id, notice, to } },
      };
    };
    // It is not queued where there is nothing to say.
    await body();
    const card = request.messages.findLast((each) => each.notice === 'card' && each.to === to)?.thread;
    // In a direct message, a reply would be easily overlooked.
    const isReply = card?.surface === 'slack' && to !== 'requester';
    const place = isReply ? await placeOf(card) : await placeFor(parts, request, to);
    return postOnce(request, place, {
      key: `${notice} ${to}`,
      ...(isReply && { thread: card.message }),
      isIt: ({ event_type, event_payload }) =>
        event_type === 'countersign_notice' &&
        event_payload['request'] === request.id &&
        event_payload['notice'] === notice &&
        event_payload['to'] === to,
      body,
    });
  }

  /** Slack says nothing of a message whose answer was lost: it is looked for before it is said again. */
  async function postOnce(request: Request, place: SlackPlace, message: Posting): Promise<Shown> {
    const { connection, channel } = place;
    const key = `${request.id} ${message.key}`;
    const inThread = message.thread === undefined ? {} : { thread: message.thread };
    const mayBeThere = tried.has(key) || request.requestedAt <= startedAt;
    tried.add(key);
    if (mayBeThere) {
      const { isIt } = message;
      const found = await connection.findMessage({ channel, ...inThread, isIt, since: request.requestedAt });
      if (found) {
        const shown = shownAt(place, { channel, ts: found.ts });
        await message.found?.(shown.thread);
        tried.delete(key);
        return shown;
      }
    }
    const lane = message.key.startsWith('card') ? 'card' : 'notice';
    const posted = await connection.postMessage({ channel, ...inThread, body: message.body, lane });
    tried.delete(key);
    return shownAt(place, posted);
  }

  async function mentionsFor(desk: DeskId, persons: readonly PersonId[]): Promise<Mentions> {
    const found = await Promise.all(
      [...new Set(persons)].map(async (person) => [person, await people.slackOf(desk, person)] as const),
    );
    return new Map(
      found.flatMap(([person, slackAccount]) => (slackAccount ? [[person, slackAccount.user]] : [])),
    );
  }

  async function placeOf({ workspace, channel }: SlackThread): Promise<SlackPlace> {
    return { connection: await connectionTo(slack, workspace), workspace, channel };
  }

  async function answer(command: Command, refusal: Refusal): Promise<void> {
    if (!('voice' in command)) return;
    const { voice } = command;
    // Whoever filled in a form reads there why not, if they still have it open.
    if (await told.within(voice.ref)) return;
    const [team, user] = accountIn(voice);
    const body = renderRefusal(refusal);
    const { where } = voice;
    if (where?.surface === 'slack') {
      const { workspace, channel } = where;
      const connection = await connectionTo(slack, workspace);
      try {
        return await connection.postEphemeral({ channel, user, body, lane: 'answer' });
      } catch (error) {
        if (!(error instanceof Failure) || error.transient) throw error;
      }
    }
    const connection = await connectionTo(slack, where?.surface === 'slack' ? where.workspace : team);
    const channel = await connection.openDirect([user]);
    await connection.postMessage({ channel, body, lane: 'answer' });
  }

  return {
    showCard,
    sendNotice,
    answer,
    /** What is pressed while we are out is lost, and Slack says so to whoever pressed it. There is nothing to be read again. */
    async reread(request) {
      const isHere =
        request.source === 'slack' || request.policy.steps.some(({ routes = [] }) => routes.some(isOnSlack));
      if (!isHere) return;
      const { health } = slack;
      if (!health.isReachable()) throw notNow('Slack does not answer, so that nobody there can decide.');
      if (deafness.since() !== undefined)
        throw notNow('What people do on Slack does not reach us, so that nobody there can decide.');
      // While we were not there to hear it, it was lost as well.
      const back = [health.outageEndedAt(), deafness.endedAt(), startedAt];
      if (back.some((at) => at !== undefined && isLately(at, clock.now())))
        throw notNow('Slack did not reach us until a moment ago, so that nobody there could decide.');
    },
  };
}

interface Posting {
  /** Tells what is said of one request apart. */
  readonly key: string;
  /** Below this message. */
  readonly thread?: string;
  readonly isIt: (metadata: MessageMetadata) => boolean;
  readonly body: () => Promise<MessageBody>;
  readonly found?: (thread: SlackThread) => Promise<unknown>;
}

function shownAt(
  { workspace }: SlackPlace,
  { channel, ts }: PostedMessage,
): Shown & { readonly thread: SlackThread } {
  return { thread: { surface: 'slack', workspace, channel, message: ts }, ref: ts };
}

function isAt(thread: Shown['thread'], { workspace, channel }: SlackPlace): boolean {
  return thread.surface === 'slack' && thread.workspace === workspace && thread.channel === channel;
}

function accountIn({ account }: Voice): readonly [team: string, user: string] {
  const [, team = '', user = ''] = /^slack:([^/]+)\/(.+)$/.exec(account) ?? [];
  return [team, user];
}

function isOnSlack({ to }: { readonly to: readonly Destination[] }): boolean {
  return to.some((each) => doorOf(each) === 'slack');
}

function isLately(at: Instant, now: Instant): boolean {
  return between(at, now) < graceAfterOutage;
}

/** Only of those whom this text may mention. */
function namedOn({ requester, steps, extension }: Card): readonly PersonId[] {
  const asked = requester.person === null ? [] : [requester.person];
  const groups = [...steps, ...(extension?.steps ?? [])].flatMap(({ approvers }) => approvers);
  return [...asked, ...personsIn(groups)];
}

function personsIn(groups: readonly Group[]): readonly PersonId[] {
  return groups.flatMap((group) => {
    const name = /^person:(.+)$/.exec(group)?.[1];
    return name === undefined ? [] : [personId(name)];
  });
}

function notNow(why: string): Failure {
  return new Failure(why, { transient: true });
}

function nothingToSay(): Failure {
  return new Failure('There is nothing of the kind to say.', { transient: false });
}
