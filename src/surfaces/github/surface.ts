// GitHub as the engine sees it: a request's issue, its one card, the few notices, and kind answers.
import { isNotFound, isTooLate } from '../../clients/github/failure.ts';
import type { GitHubApp, Lane } from '../../clients/github/github-app.ts';
import { cardOf, type Card } from '../../domain/card.ts';
import type { Command, Voice } from '../../domain/commands.ts';
import type { GitHubThread, Notice } from '../../domain/entries.ts';
import {
  personId,
  plus,
  type DeskId,
  type Destination,
  type Group,
  type Instant,
  type PersonId,
} from '../../domain/names.ts';
import { minutes, printGrantedFor } from '../../domain/duration.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { tellsAdmins } from '../../domain/routes.ts';
import { sourceWords } from '../../domain/words.ts';
import type { OwedNotice, Request } from '../../domain/request.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Shown, ShownCard, Surface } from '../../engine/ports/surface.ts';
import { escapeTitle } from './escape.ts';
import { placeOf, repositoryNumber, repositoryOf } from './github-place.ts';
import type { Replies, Utterance } from './hearing.ts';
import { answerMarker, cardMarker, noticeMarker, threadMarker } from './marker.ts';
import { mentionPerson, noLogins, personOf, type Logins } from './mention.ts';
import { renderRefusal } from './render-answer.ts';
import { renderCard } from './render-card.ts';
import { renderNotice } from './render-notice.ts';
import type { RereadThread } from './reread-thread.ts';
import { commentOnce, findComment, openIssueOnce } from './write-once.ts';

/** What GitHub cannot know of a desk's people. */
export interface DeskPeople {
  /** Their login now, by the account they are linked to. */
  loginOf(desk: DeskId, person: PersonId): Promise<string | undefined>;
  admins(desk: DeskId): Promise<readonly Group[]>;
}

export interface SurfaceParts {
  readonly github: GitHubApp;
  readonly people: DeskPeople;
  readonly clock: Pick<Clock, 'now'>;
  /** Our app's account: `countersign[bot]`. */
  readonly botLogin: string;
}

export interface GitHubSurface extends Surface {
  readonly rereadThread: RereadThread;
  /** Puts back what we had said, where somebody edited it. */
  restoreNotice(request: Request, thread: GitHubThread, notice: Notice, commentId: number): Promise<void>;
  /** What cannot be said again, such as an answer, is not left standing as somebody else made it. */
  withdraw(thread: GitHubThread, commentId: number): Promise<void>;
  /** Puts back an issue that we opened. */
  restoreThread(request: Request, thread: GitHubThread): Promise<void>;
}

/** What a comment is to say, asked for when it leaves. */
type Body = () => Promise<string>;

/** GitHub's clock and ours need not agree. */
const clockSkew = minutes(5);
/** Later than this the card or an answer has said more than a reaction would. */
const reactWithin = 10_000;
/** Writes leave about a second apart: of a crowd, those behind so many would be too late. */
const mostReactions = 10;

/** The half that writes; it needs nothing of the engine. */
export function createReplies({ github, botLogin, clock }: SurfaceParts): Replies {
  let reacting = 0;
  return {
    async reply(thread: GitHubThread, voice: Voice, body: string) {
      const marker = answerMarker(voice.ref);
      const place = await placeOf(github, thread);
      await commentOnce(place, { marker, body, since: earlierThan(voice.at), lane: 'answer', botLogin });
    },
    async acknowledge({ on, thread, databaseId }: Utterance) {
      // An issue that asks is answered by its card.
      if (on === 'issue' || reacting >= mostReactions) return;
      reacting += 1;
      try {
        const { owner, repo, at } = await placeOf(github, thread);
        const { reactions } = at('reaction', { notAfter: plus(clock.now(), reactWithin) }).rest;
        await reactions.createForIssueComment({ owner, repo, comment_id: databaseId, content: 'eyes' });
      } catch (error) {
        if (!isTooLate(error)) throw error;
      } finally {
        reacting -= 1;
      }
    },
  };
}

export function createSurface(
  parts: SurfaceParts & { readonly replies: Replies; readonly rereadThread: RereadThread },
): GitHubSurface {
  const { github, botLogin, people, replies, rereadThread } = parts;

  async function openThread(request: Request): Promise<GitHubThread> {
    const repository = await repositoryOf(github, request.desk);
    const issue = await openIssueOnce(repository, {
      ...threadText(request),
      marker: threadMarker(request.id),
      since: earlierThan(request.requestedAt),
      lane: 'card',
      botLogin,
    });
    return { surface: 'github', repository: String(repositoryNumber(request.desk)), issue };
  }

  async function showCard(request: Request, _to: Destination, card: ShownCard): Promise<Shown> {
    const thread = threadOf(request);
    return { thread, ref: await cardOn(thread, request, card) };
  }

  async function cardOn(
    thread: GitHubThread,
    request: Request,
    { known, latest }: ShownCard,
  ): Promise<string> {
    const ref = known?.ref;
    const logins = await loginsFor(request.desk, cardOf(request));
    const body: Body = async () => renderCard(cardOf(await latest()), logins);
    if (ref !== undefined && (await edit(thread, Number(ref), body))) return ref;
    const place = await placeOf(github, thread);
    const marker = cardMarker(request.id);
    const words = { marker, since: earlierThan(request.requestedAt), lane: 'card', botLogin } as const;
    const found = await findComment(place, words);
    if (found !== undefined && (await edit(thread, found, body))) return String(found);
    const { owner, repo, issue_number, at } = place;
    const { issues } = at('card', { lastly: async () => ({ body: await body() }) }).rest;
    const { data } = await issues.createComment({ owner, repo, issue_number, body: await body() });
    return String(data.id);
  }

  /** False where the comment is gone. */
  async function edit(thread: GitHubThread, commentId: number, body: Body): Promise<boolean> {
    const { owner, repo, at } = await placeOf(github, thread);
    const { issues } = at('card', { lastly: async () => ({ body: await body() }) }).rest;
    try {
      await issues.updateComment({ owner, repo, comment_id: commentId, body: await body() });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async function sendNotice(request: Request, { notice }: OwedNotice): Promise<Shown> {
    const thread = threadOf(request);
    const body = await noticeText(request, notice);
    if (body === undefined) throw new Failure('There is nothing of the kind to say.', { transient: false });
    const marker = noticeMarker(request.id, notice);
    const lane: Lane = notice.startsWith('overdue') ? 'revoke' : 'answer';
    const since = earlierThan(request.requestedAt);
    const place = await placeOf(github, thread);
    return { thread, ref: String(await commentOnce(place, { marker, body, since, lane, botLogin })) };
  }

  async function noticeText(request: Request, notice: Notice): Promise<string | undefined> {
    const admins = tellsAdmins(request, notice) ? await people.admins(request.desk) : [];
    const logins = await loginsFor(request.desk, cardOf(request), admins);
    return renderNotice(request, notice, { logins, admins });
  }

  /** Only of those whom this text may mention. */
  async function loginsFor(desk: DeskId, card: Card, admins: readonly Group[] = []): Promise<Logins> {
    const { requester, steps, extension, breakGlass } = card;
    // Of all steps: which of them are open may change until the text leaves.
    const named = [
      ...[...steps, ...(extension?.steps ?? [])].flatMap(({ approvers }) => approvers),
      ...(breakGlass?.review?.reviewers ?? []),
      ...admins,
    ].flatMap((group) => /^person:(.+)$/.exec(group)?.[1] ?? []);
    const asked = requester.surface === 'github' || requester.person === null ? [] : [requester.person];
    const wanted = [...new Set([...named.map((name) => personId(name)), ...asked])];
    const found = await Promise.all(wanted.map(async (id) => [id, await people.loginOf(desk, id)] as const));
    return new Map(found.flatMap(([id, login]) => (login === undefined ? [] : [[id, login] as const])));
  }

  return {
    openThread,
    showCard,
    sendNotice,
    async answer(command: Command, refusal: Refusal) {
      if (!('voice' in command) || command.voice.where?.surface !== 'github') return;
      await replies.reply(command.voice.where, command.voice, renderRefusal(refusal, command.voice));
    },
    async reread({ thread }) {
      if (thread) await rereadThread(thread);
    },
    rereadThread,
    async restoreNotice(request, thread, notice, commentId) {
      const body = await noticeText(request, notice);
      await edit(thread, commentId, async () => body ?? `${notShown}\n\n${noticeMarker(request.id, notice)}`);
    },
    async withdraw(thread, commentId) {
      await edit(thread, commentId, async () => notShown);
    },
    async restoreThread(request, thread) {
      const { owner, repo, issue_number, at } = await placeOf(github, thread);
      await at('card').rest.issues.update({ owner, repo, issue_number, ...threadText(request) });
    },
  };
}

const notShown =
  'Somebody else changed what was said here, so it is not shown any more. The card always says where this request stands.';

/** What is shown there waits for its issue. */
function threadOf({ thread }: Request): GitHubThread {
  if (thread === undefined) throw new Error('A request without an issue has nothing to show on it.');
  return thread;
}

/** “ann asks for Production: 30m”. Whoever asked elsewhere hears of it by the mention. */
function threadText(request: Request): { readonly title: string; readonly body: string } {
  const { form, policy, requester, source, id } = request;
  const what = form.target?.label ?? policy.label;
  const length = form.duration === undefined ? '' : `: ${printGrantedFor(form.duration)}`;
  const from = source === 'github' ? 'in a comment' : `from ${sourceWords[source]}`;
  return {
    title: escapeTitle(`${requester.via.name} asks for ${what}${length}`).slice(0, 250),
    body: `${mentionPerson(personOf(requester), noLogins)} asked for this ${from}. The card below always says where it stands; commands in comments here are about this request.\n\n${threadMarker(id)}`,
  };
}

function earlierThan(at: Instant): Instant {
  return plus(at, -clockSkew);
}
