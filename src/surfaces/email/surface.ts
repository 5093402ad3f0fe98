// E-mail as the engine sees it: one mail to an address that is told, one more where a new step is theirs to decide, and how it ended.
import { createHash } from 'node:crypto';
import { isPlainAddress, type MailClient } from '../../clients/mail/mail-client.ts';
import { cardOf } from '../../domain/card.ts';
import { hours } from '../../domain/duration.ts';
import type { Notice } from '../../domain/entries.ts';
import { earlier, plus, type Destination, type Instant } from '../../domain/names.ts';
import { isOver, type OwedNotice, type Request } from '../../domain/request.ts';
import { matterOf } from '../../domain/request.ts';
import { stepsToldAt } from '../../domain/routes.ts';
import { list } from '../../domain/words.ts';
import type { DoorSurface } from '../../engine/doors.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import type { Shown } from '../../engine/ports/surface.ts';
import { decidePath, hasAnswered, type DecisionLink, type LinkSigner } from './decision-link.ts';
import { guestMay, guestVoice, type GuestMay } from './guest-voice.ts';
import { noticeOpening } from './notice-opening.ts';
import { renderMail, type Letter } from './render-mail.ts';
import { whatIsAsked } from './what-is-asked.ts';

export interface EmailSurfaceParts {
  readonly mail: MailClient;
  /** Of the address that mail comes from: ids of messages end in it. */
  readonly domain: string;
  /** Absent where guests are sent no links. */
  readonly links?: { readonly url: string; readonly signer: LinkSigner };
  readonly reception: () => Pick<Reception, 'why'>;
  /** The page of a request's issue, if it has one. */
  readonly issueUrl: (request: Request) => Promise<string | undefined>;
  readonly clock: Clock;
}

export type EmailSurface = Pick<DoorSurface, 'showCard' | 'sendNotice'>;

/** No link lives longer, however long its request waits. */
const longestLink = hours(72);

export function createEmailSurface(parts: EmailSurfaceParts): EmailSurface {
  const { mail, domain, links, clock } = parts;

  /** Told already, by a mail of any kind. */
  function sentBefore(
    { messages }: Request,
    to: Destination,
    isIt: (ref: string) => boolean,
  ): Shown | undefined {
    const known = messages.find((message) => message.to === to && isIt(message.ref));
    return known && { thread: known.thread, ref: known.ref };
  }

  /** What one may be told in its own mail, once: the same each time, so that said again it is no second message. */
  function idOf(request: Request, to: Destination, parts: readonly string[]): string {
    return `<${[request.id, ...parts, digest(to)].join('.')}@${domain}>`;
  }

  /** The steps that this address may decide by a link, as far as it was not sent one. */
  async function linkDue(request: Request, to: Destination): Promise<DecisionLink | undefined> {
    const matter = matterOf(request);
    const endsAt = lastMoment(request);
    const told = stepsToldAt(request, to).filter(({ byLink }) => byLink);
    if (matter === undefined || endsAt === undefined || told.length === 0) return undefined;
    const address = addressIn(to).toLowerCase();
    const now = clock.now();
    const why = await parts.reception().why(request.id, guestVoice(address, 'link/asking', now));
    const may: GuestMay = why ? guestMay(why) : { may: 'no' };
    if (may.may === 'unknown') throw new Failure(may.why, { transient: true });
    if (may.may === 'no') return undefined;
    const theirs = told.flatMap(({ name }) =>
      may.may === 'later' || may.steps.includes(name) ? [name] : [],
    );
    const fresh = theirs.filter(
      (step) => !sentBefore(request, to, (ref) => ref.split('.').includes(stepMark(matter, step))),
    );
    if (fresh.length === 0) return undefined;
    const expiresAt = earlier(endsAt, plus(now, longestLink));
    return { request: request.id, matter, steps: fresh, address, expiresAt };
  }

  async function sendAsked(
    request: Request,
    to: Destination,
    link: DecisionLink | undefined,
  ): Promise<Shown> {
    if (link && links === undefined)
      throw new Failure(
        'A guest is to decide by a link, and none can be made: COUNTERSIGN_URL and COUNTERSIGN_LINK_KEY are not set.',
        { transient: false },
      );
    const asked = whatIsAsked(cardOf(request));
    const marks = link ? link.steps.map((step) => stepMark(link.matter, step)) : [];
    return send(request, to, ['card', ...marks], {
      subject: asked.title,
      opening: `${asked.title}.`,
      asked,
      next: asked.next,
      ...(link &&
        links && {
          link: { url: `${links.url}${decidePath}${links.signer.print(link)}`, until: link.expiresAt },
        }),
      because: becauseOf(request, to, link),
      footnote: asked.footnote,
    });
  }

  async function sendSaid(request: Request, to: Destination, kind: string, opening: string): Promise<Shown> {
    const asked = whatIsAsked(cardOf(request));
    return send(request, to, [kind], {
      subject: asked.title,
      opening,
      next: asked.next,
      because: becauseOf(request, to, undefined),
      footnote: asked.footnote,
    });
  }

  async function send(
    request: Request,
    to: Destination,
    parts: readonly string[],
    letter: Omit<Letter, 'issue'>,
  ): Promise<Shown> {
    const address = addressIn(to);
    const messageId = idOf(request, to, parts);
    const first = sentBefore(request, to, (ref) => ref !== messageId);
    // A guest has no way into the repository: a page there is nothing to them.
    const isGuest = letter.link !== undefined || hasAnswered(request, address.toLowerCase());
    const issue = isGuest ? undefined : await issueUrl(request);
    await mail.send({
      to: address,
      ...renderMail({ ...letter, ...(issue !== undefined && { issue }) }),
      messageId,
      ...(first && { inReplyTo: first.ref }),
    });
    return { thread: { surface: 'email', address }, ref: messageId };
  }

  const { issueUrl } = parts;

  return {
    async showCard(shown, to, { known, latest }) {
      assertPlain(to);
      const request = await latest();
      // Only those messages are known here that are recorded; what is shown may be older.
      const { messages } = shown;
      const now = { ...request, messages };
      const link = await linkDue(now, to);
      if (known === undefined || link) return sendAsked(now, to, link);
      if (isOver(now) && hasAnswered(now, addressIn(to).toLowerCase())) {
        const told = sentBefore(now, to, (ref) => ref.includes('.over.'));
        return told ?? sendSaid(now, to, 'over', 'You answered this by a link. This is what became of it.');
      }
      return known;
    },
    async sendNotice(request, { notice, to }: OwedNotice) {
      assertPlain(to);
      const opening = noticeOpening(request, notice);
      if (opening === undefined)
        throw new Failure('There is nothing of the kind to say.', { transient: false });
      if (isExtension(notice)) {
        const link = await linkDue(request, to);
        if (link) return sendAsked(request, to, link);
        const marks = stepsToldAt(request, to).map(({ name }) => stepMark(notice, name));
        const told = sentBefore(request, to, (ref) => marks.some((mark) => ref.split('.').includes(mark)));
        if (told) return told;
      }
      return sendSaid(request, to, notice, opening);
    },
  };
}

function isExtension(notice: Notice): boolean {
  return /^extension-\d/.test(notice);
}

function addressIn(to: Destination): string {
  return to.slice(to.indexOf(':') + 1);
}

function assertPlain(to: Destination): void {
  if (!isPlainAddress(addressIn(to)))
    throw new Failure('This is no address that mail can be sent to.', { transient: false });
}

/** Until when somebody may decide at all. */
function lastMoment({ phase }: Request): Instant | undefined {
  if (phase.status === 'pending') return phase.lapseAt;
  return phase.status === 'active' ? phase.expiresAt : undefined;
}

function stepMark(matter: string, step: string): string {
  return `s${digest(`${matter} ${step}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function becauseOf(request: Request, to: Destination, link: DecisionLink | undefined): string {
  const steps = link?.steps ?? stepsToldAt(request, to).map(({ name }) => name);
  if (link)
    return `You are told because the flow ${request.flow.name} asks you, at this address, for the step ${list(steps, 'and')}.`;
  return steps.length > 0
    ? `You are told because the flow ${request.flow.name} names this address for the step ${list(steps, 'and')}. Whoever may decide does so on GitHub or in Slack; an answer to this mail is not read.`
    : `You are told because the flow ${request.flow.name} names this address. An answer to this mail is not read.`;
}
