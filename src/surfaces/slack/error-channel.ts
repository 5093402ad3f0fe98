// The error channels of a desk on Slack: one message each, found again by its metadata, edited in place, and never doubled.
import type { MessageMetadata } from '../../clients/slack/answers.ts';
import { hasCode } from '../../clients/slack/failure.ts';
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { GitHubThread } from '../../domain/entries.ts';
import { hours } from '../../domain/duration.ts';
import { personId, plus, type DeskId, type Group, type Milliseconds } from '../../domain/names.ts';
import type { ErrorBoard, OpenProblem } from '../../engine/error-board.ts';
import type { ErrorRooms, RoomPlan } from '../../engine/error-rooms.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { callsAdmins } from '../../engine/problems.ts';
import { withinTime } from '../../engine/time-limit.ts';
import { boardEvent, errorBoard, errorsMoved, errorTold, toldEvent, type ErrorsOf } from './error-message.ts';
import type { Mentions } from './pieces.ts';
import { connectionTo, type SlackPeople } from './slack-places.ts';

/** The error channels that the files of a desk name, each as `WORKSPACE/NAME`. */
export interface NamedErrorChannels extends RoomPlan {
  /** False where the desk names none, and its own is the default one. */
  readonly isNamed: boolean;
}

export interface ErrorChannelsParts {
  readonly slack: SlackApp;
  readonly people: SlackPeople & { admins(desk: DeskId): Promise<readonly Group[]> };
  /** Throws `Failure` where nobody can say. */
  readonly errorChannels: (desk: DeskId) => Promise<NamedErrorChannels>;
  readonly deskName: (desk: DeskId) => Promise<string | undefined>;
  readonly threadUrl: (thread: GitHubThread) => Promise<string | undefined>;
  readonly clock: Clock;
}

export interface SlackErrorRooms extends ErrorRooms {
  /** The channels that the files name and that cannot be told of anything: each with the reason. Throws `Failure` while Slack does not say. */
  missing(desk: DeskId): Promise<readonly { readonly room: string; readonly why: string }[]>;
}

/** For all of one step: whoever waits for it may have to tell people elsewhere. */
const patience: Milliseconds = 20_000;
/** A board that was posted longer ago is posted anew, once the store has lost where it is. */
const searchedBack: Milliseconds = hours(24 * 30);
const toldAtMostEvery: Milliseconds = hours(1);

export function createErrorChannels(parts: ErrorChannelsParts): SlackErrorRooms {
  const { slack, people, errorChannels, clock } = parts;

  function bounded<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withinTime({ clock, ms: patience, who: 'Slack' }, work);
  }

  async function placeOf(desk: DeskId, room: string, signal: AbortSignal): Promise<Place> {
    const { own, isNamed } = await errorChannels(desk);
    const { workspace, name } = partsOf(room);
    const connection = await connectionTo(slack, workspace);
    if (room === own && !isNamed) {
      const found = (await connection.ownChannels(signal)).find(
        (each) => each.name === name && !each.isArchived,
      );
      if (found) return { connection, channel: found.id };
      throw cannot(
        `The desk names no error channel, and the app is in no channel #${name}: write errors: slack-channel:NAME in flows/countersign.yml, or invite the app there`,
      );
    }
    const found = await connection.channel(name, signal);
    if (found === undefined)
      throw cannot(
        `There is no channel ${shown(name)} that the app can see: invite it there, /invite @Countersign`,
      );
    if (found.isArchived) throw cannot(`The error channel ${shown(name)} is archived`);
    if (!found.isMember)
      throw cannot(
        `The app is not in the error channel ${shown(name)}: invite it there, /invite @Countersign`,
      );
    return { connection, channel: found.id };
  }

  async function aboutOf(desk: DeskId, { open, solved }: ErrorBoard): Promise<ErrorsOf> {
    const name = await parts.deskName(desk);
    const pages = new Map<string, string>();
    // All of one desk mostly have one repository, which is asked for once.
    for (const { key, thread } of [...open, ...solved]) {
      const page = thread?.surface === 'github' ? await parts.threadUrl(thread) : undefined;
      if (page !== undefined) pages.set(key, page);
    }
    return { desk, pageOf: ({ key }: OpenProblem) => pages.get(key), ...(name !== undefined && { name }) };
  }

  /** What is wrong may be the very files that name the admins: then nobody is named, and it is said all the same. */
  async function calledIn(
    desk: DeskId,
  ): Promise<{ readonly admins: readonly Group[]; readonly mentions: Mentions }> {
    try {
      const admins = await people.admins(desk);
      const persons = admins.flatMap((group) => /^person:(.+)$/.exec(group)?.[1] ?? []).map(personId);
      const found = await Promise.all(
        persons.map(async (id) => [id, await people.slackOf(desk, id)] as const),
      );
      return { admins, mentions: new Map(found.flatMap(([id, user]) => (user ? [[id, user.user]] : []))) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { admins: [], mentions: new Map() };
    }
  }

  /** False where it is gone. */
  async function edit(
    { connection, channel }: Place,
    ts: string,
    { board, about, signal }: Shown,
  ): Promise<boolean> {
    try {
      await connection.updateMessage({
        channel,
        message: ts,
        body: errorBoard(board, about),
        lane: 'notice',
        signal,
      });
      return true;
    } catch (error) {
      // Somebody deleted it, or the app may edit it no more.
      if (hasCode(error, 'message_not_found', 'cant_update_message', 'edit_window_closed')) return false;
      throw error;
    }
  }

  return {
    plan: errorChannels,
    show: (desk, room, board, ref) =>
      bounded(async (signal) => {
        const place = await placeOf(desk, room, signal);
        const { connection, channel } = place;
        const content = { board, about: await aboutOf(desk, board), signal };
        const known = readRef(ref);
        // A channel of the same name may be another one by now.
        if (known?.channel === channel && (await edit(place, known.ts, content)))
          return refOf(place, known.ts);
        const since = plus(clock.now(), -searchedBack);
        const search = { channel, since, isIt: isOf(boardEvent, { desk }) };
        const found = await connection.findMessage(search, { lane: 'notice', signal });
        if (found && found.ts !== known?.ts && (await edit(place, found.ts, content)))
          return refOf(place, found.ts);
        const body = errorBoard(board, content.about);
        const { ts } = await connection.postMessage({ channel, body, lane: 'notice', signal });
        return refOf(place, ts);
      }),
    tell: (desk, { room, ref }, kind, board) =>
      bounded(async (signal) => {
        const place = await placeOf(desk, room, signal);
        const { connection, channel } = place;
        const call = { lane: 'notice', signal } as const;
        const since = plus(clock.now(), -toldAtMostEvery);
        if (await connection.findMessage({ channel, since, isIt: isOf(toldEvent, { desk, kind }) }, call))
          return;
        const known = readRef(ref);
        const all = known && (await connection.permalink(known, call));
        const called = callsAdmins(kind) ? await calledIn(desk) : { admins: [], mentions: new Map() };
        const about = { ...(await aboutOf(desk, board)), ...called, ...(all !== undefined && { all }) };
        await connection.postMessage({ channel, body: errorTold(kind, board, about), ...call });
      }),
    leave: (desk, { room, ref }) =>
      bounded(async (signal) => {
        const known = readRef(ref);
        if (known === undefined) return;
        const connection = await connectionTo(slack, partsOf(room).workspace);
        const name = await parts.deskName(desk);
        const body = errorsMoved({ desk, ...(name !== undefined && { name }) });
        await connection.updateMessage({
          channel: known.channel,
          message: known.ts,
          body,
          lane: 'notice',
          signal,
        });
      }),
    async missing(desk) {
      const named = await errorChannels(desk).catch(noneNamed);
      if (named === undefined) return [];
      const { own, isNamed, ofFlow } = named;
      const rooms = new Set([...(isNamed ? [own] : []), ...Object.values(ofFlow)]);
      const found: { readonly room: string; readonly why: string }[] = [];
      for (const room of rooms)
        try {
          await bounded((signal) => placeOf(desk, room, signal));
        } catch (error) {
          if (!(error instanceof Failure) || error.transient) throw error;
          found.push({ room, why: error.message });
        }
      return found;
    },
  };
}

/** A desk that does not say which workspace is its own may want none. */
function noneNamed(error: unknown): undefined {
  if (!(error instanceof Failure) || error.transient) throw error;
}

interface Place {
  readonly connection: SlackConnection;
  readonly channel: string;
}

interface Shown {
  readonly board: ErrorBoard;
  readonly about: ErrorsOf;
  readonly signal: AbortSignal;
}

function isOf(
  event: string,
  payload: { readonly [name: string]: string },
): (metadata: MessageMetadata) => boolean {
  return ({ event_type, event_payload }) =>
    event_type === event && Object.entries(payload).every(([name, value]) => event_payload[name] === value);
}

function partsOf(room: string): { readonly workspace: string; readonly name: string } {
  const slash = room.indexOf('/');
  return { workspace: room.slice(0, slash), name: room.slice(slash + 1) };
}

function refOf({ channel }: Place, ts: string): string {
  return `${channel}/${ts}`;
}

function readRef(ref: string | undefined): { readonly channel: string; readonly ts: string } | undefined {
  const [channel, ts] = ref?.split('/') ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

function shown(nameOrId: string): string {
  return /^[CG][A-Z0-9]+$/.test(nameOrId) ? nameOrId : `#${nameOrId}`;
}

function cannot(why: string): Failure {
  return new Failure(why, { transient: false });
}
