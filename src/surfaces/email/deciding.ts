// Deciding by a link: looking at it decides nothing, whoever follows it; sending the form decides once.
import { cardOf } from '../../domain/card.ts';
import { recordedStandings } from '../../domain/decide-matter.ts';
import type { DecisionMessage, Step } from '../../domain/flow.ts';
import { account, personId, type Milliseconds } from '../../domain/names.ts';
import { openMatter, type Request } from '../../domain/request.ts';
import { matterOf } from '../../domain/request.ts';
import { isLegible } from '../../domain/safe-word.ts';
import { refusalWords } from '../../domain/words.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import type { Flows } from '../../engine/ports/flows.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { longestMessage, offerPage, plainPage, type Page } from './decision-page.ts';
import { linkRef, type DecisionLink, type LinkSigner } from './decision-link.ts';
import { typed } from './escape.ts';
import { guestMay, guestVoice } from './guest-voice.ts';
import { whatIsAsked } from './what-is-asked.ts';

export interface LinkDecidingParts {
  readonly signer: LinkSigner;
  readonly reception: () => Pick<Reception, 'accept' | 'outcome' | 'view' | 'why'>;
  readonly directory: Directory;
  readonly flows: Pick<Flows, 'current'>;
  readonly clock: Clock;
}

export interface LinkDeciding {
  /** What is behind this link; undefined where it is none. Known without asking anybody. */
  linkIn(token: string): DecisionLink | undefined;
  /** Only shows. */
  look(link: DecisionLink): Promise<Page>;
  /** `fields` as they were sent. */
  decide(link: DecisionLink, fields: URLSearchParams): Promise<Page>;
}

/** Whoever pressed a button waits for so long. */
const outcomeWithin: Milliseconds = 5_000;

export function createLinkDeciding(parts: LinkDecidingParts): LinkDeciding {
  const { signer, directory, flows, clock } = parts;

  /** What there is to decide by it now, or the page that says why nothing is. */
  async function open(link: DecisionLink): Promise<Opened | Page> {
    if (clock.now() >= link.expiresAt) return expired;
    const request = await parts.reception().view(link.request);
    if (request === undefined) return noLink;
    const counts = await stillCounts(link, request);
    if (counts !== true) return counts;
    if (request.heard.includes(linkRef(link))) return answered(request);
    if (!isStillAsked(link, request)) return overBy(request);
    const why = await parts.reception().why(request.id, voiceOf(link));
    if (why === undefined) return noLink;
    const may = guestMay(why);
    if (may.may === 'unknown') return notNow;
    // They may decide another step of it, for which this link is none.
    if (may.may === 'yes' && !link.steps.some((step) => may.steps.includes(step))) return overBy(request);
    if (may.may === 'no') {
      const words = 'refusal' in why.you ? refusalWords(why.you.refusal).reason : '';
      return plainPage(409, 'Nothing is to be decided by you', [typed(words, 500), ...standing(request)]);
    }
    const isHeld = may.may === 'later' && 'refusal' in why.you;
    return { request, ...(isHeld && { held: refusalWords(why.you.refusal).reason }) };
  }

  /** Its address, as it is declared now. Whoever it was taken from learns no more of the request. */
  async function stillCounts(link: DecisionLink, request: Request): Promise<true | Page> {
    const address = account('email', link.address);
    if ((await directory.person(request.desk, address)) === null) return countsNoMore;
    const groups = stepsOf(link, request).flatMap(({ approvers }) => approvers);
    const answers = await Promise.all(
      [...new Set(groups)].map((group) => directory.belongs(request.desk, personId(address), group)),
    );
    if (answers.includes(true)) return true;
    return answers.some((answer) => answer !== false) ? notNow : countsNoMore;
  }

  /** The stricter of what it was asked under and what is in force: a link is not to be used up by a form that was too short. */
  async function messageWanted({ desk, flow, policy }: Request): Promise<DecisionMessage> {
    const now = await flows.current(desk, flow.name);
    const both = [
      policy.decisionMessage ?? 'optional',
      ...('flow' in now ? [now.flow.approval.decisionMessage] : []),
    ];
    if (both.includes('required')) return 'required';
    return both.includes('off') ? 'off' : 'optional';
  }

  async function offer(link: DecisionLink, { request, held }: Opened, wrong?: string): Promise<Page> {
    const said = wrong ?? (held === undefined ? undefined : typed(held, 500));
    return offerPage(wrong === undefined ? 200 : 422, {
      asked: whatIsAsked(cardOf(request)),
      address: link.address,
      until: link.expiresAt,
      decisionMessage: await messageWanted(request),
      ...(said !== undefined && { wrong: said }),
    });
  }

  function voiceOf(link: DecisionLink) {
    return guestVoice(link.address, linkRef(link), clock.now());
  }

  async function take(
    link: DecisionLink,
    opened: Opened,
    { decision, message }: { readonly decision: 'approve' | 'deny'; readonly message: string | undefined },
  ): Promise<Page> {
    const { request, held } = opened;
    // Refused, the link would be used up: what may pass is said before.
    if (decision === 'approve' && held !== undefined) return offer(link, opened, typed(held, 500));
    // What the page showed: another matter may have come up while it was looked at.
    const said = { matter: link.matter, ...(message !== undefined && { message }) };
    const receipt = await parts
      .reception()
      .accept({ type: decision, voice: voiceOf(link), ...said }, request.id);
    const outcome = await parts.reception().outcome(receipt, outcomeWithin);
    const now = (await parts.reception().view(request.id)) ?? request;
    if (receipt.state === 'known') return answered(now);
    if ('refused' in outcome) {
      const { reason, remedy } = refusalWords(outcome.refused);
      return plainPage(409, 'Your answer was not taken', [
        typed(reason, 500),
        typed(remedy, 500),
        'The link is used up. Whoever asked can ask anew.',
      ]);
    }
    if ('working' in outcome)
      return plainPage(202, 'Your answer is kept', [
        'It is being decided. Open the link again in a while to see what became of it.',
      ]);
    return plainPage(200, decision === 'approve' ? 'You approved it' : 'You denied it', [
      'Your answer is recorded. Open the link again to see what becomes of it.',
    ]);
  }

  return {
    linkIn: signer.read,
    look: (link) =>
      orNotNow(async () => {
        const opened = await open(link);
        return 'status' in opened ? opened : offer(link, opened);
      }),
    decide: (link, fields) =>
      orNotNow(async () => {
        const opened = await open(link);
        if ('status' in opened) return opened;
        const decision = fields.get('decision');
        const message = fields.get('message')?.trim();
        const isSaid = message !== undefined && isLegible(message);
        if (decision !== 'approve' && decision !== 'deny')
          return offer(link, opened, 'Press one of the two buttons.');
        if (message !== undefined && message.length > longestMessage)
          return offer(link, opened, `Say it in ${longestMessage} characters at most.`);
        if (!isSaid && (await messageWanted(opened.request)) === 'required')
          return offer(link, opened, 'Say why: this flow wants it with each decision.');
        return take(link, opened, { decision, message: isSaid ? message : undefined });
      }),
  };
}

interface Opened {
  readonly request: Request;
  /** Why it cannot be approved for now. */
  readonly held?: string;
}

/** As pinned, and as tightened since. */
function stepsOf({ steps }: DecisionLink, request: Request): readonly Step[] {
  const all = [
    ...request.policy.steps,
    ...request.stepsInForce,
    ...(openMatter(request)?.matter.stepsInForce ?? []),
  ];
  return all.filter(({ name }) => steps.includes(name));
}

/** The same matter, and one of its steps still open. */
function isStillAsked(link: DecisionLink, request: Request): boolean {
  const matter = openMatter(request)?.matter;
  if (matter === undefined || matterOf(request) !== link.matter) return false;
  return recordedStandings(matter).some(
    ({ step, state }) => state === 'open' && link.steps.includes(step.name),
  );
}

/** What everybody may read who was asked: where it stands, as far as the ledger proves it. */
function standing(request: Request): readonly string[] {
  const { title, next, footnote } = whatIsAsked(cardOf(request));
  return [`${title}.`, next.join(' '), footnote];
}

function answered(request: Request): Page {
  return plainPage(200, 'You have answered this', [
    'A link works once, and this one was used.',
    ...standing(request),
  ]);
}

function overBy(request: Request): Page {
  return plainPage(410, 'There is nothing to decide any more', standing(request));
}

/** Forged, cut off, made with another key, about what we do not know: from outside it is all the same. */
export const noLink = plainPage(404, 'This link is not valid', [
  'Nothing was decided. Take care that you opened all of the link in your mail, and the newest of such mails.',
]);

const expired = plainPage(410, 'This link has expired', [
  'Nothing was decided by it. Whoever asked can ask anew.',
]);

const countsNoMore = plainPage(403, 'This link does not count any more', [
  'Nothing was decided by it: this address is not among those who decide here.',
]);

const notNow = plainPage(503, 'This cannot be decided right now', [
  'Nothing was decided, and the link still works. Please open it again in a few minutes.',
]);

async function orNotNow(work: () => Promise<Page>): Promise<Page> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return notNow;
    throw error;
  }
}
