// What has become of a request and what happens next, as sentences whose times each surface prints in its own way.
import { actionSentences, whatWillRun } from './action-sentences.ts';
import type { Speaker } from './entries.ts';
import { printDuration, printGrantedFor } from './duration.ts';
import type { Instant } from './names.ts';
import { isReviewOverdue } from './review.ts';
import { clip, inQuotes } from './safe-word.ts';
import { groupWords, list, ruleOpening } from './words.ts';
import {
  awaitsHandOver,
  durationOf,
  type Denier,
  type Extension,
  type Hold,
  type Request,
} from './request.ts';

/** One sentence: text as typed, to be escaped by the surface, moments in time, and addresses where something can be seen. */
export type Phrase = readonly (string | { readonly time: Instant } | { readonly link: string })[];

export function nextSentences(request: Request): readonly Phrase[] {
  const { glass, status, review } = sentencesOf(request);
  return [...glass, ...status, ...review];
}

/** What people say is cut short in a sentence; the card has a place for all of it. */
const longestSaid = 300;

/** Where nobody had to approve: that, how it stands, and its review. */
export function sentencesOf(request: Request): {
  readonly glass: readonly Phrase[];
  readonly status: readonly Phrase[];
  readonly review: readonly Phrase[];
} {
  return {
    glass: glassSentences(request),
    status: statusSentences(request),
    review: reviewSentences(request),
  };
}

/** Why nobody was asked. */
function glassSentences({ breakGlass, requester, phase }: Request): readonly Phrase[] {
  if (breakGlass === undefined || phase.status === 'denied') return [];
  return [
    [
      `${called(requester)} broke the glass, so nobody had to approve it: “${clip(inQuotes(breakGlass.reason), longestSaid)}”.`,
    ],
  ];
}

/** What a second person says of it, or has to say still. */
export function reviewSentences(request: Request): readonly Phrase[] {
  const { review, requester } = request;
  if (review === undefined) return [];
  const { closed, deadline } = review;
  if (closed) {
    const who = `${called(closed.by)}${closed.asAdmin ? ', as an admin,' : ''}`;
    const found = closed.outcome === 'fine' ? 'found it fine' : 'has a concern';
    return [
      [
        `${who} reviewed it on `,
        { time: closed.at },
        ` and ${found}${saying(clip(closed.message, longestSaid))}.`,
      ],
    ];
  }
  const whom = list(review.reviewers.map(groupWords), 'or');
  return isReviewOverdue(request)
    ? [
        ['Its review is overdue since ', { time: deadline }, `, and is given by ${whom}, or by an admin.`],
        [`Until then ${called(requester)} cannot break the glass again.`],
      ]
    : [[`It is reviewed by ${whom}, until `, { time: deadline }, '.']];
}

function statusSentences(request: Request): readonly Phrase[] {
  const { phase } = request;
  switch (phase.status) {
    case 'pending':
      return [
        promise(request),
        ...request.holds.map(holdSentence),
        ['Without a decision it lapses on ', { time: phase.lapseAt }, '.'],
      ];
    case 'approved':
      return [...approvedSentences(phase, allIn(request)), ...actionSentences(request)];
    case 'escalating':
      return [
        [`${allIn(request)} access is being granted. It is not there yet.`],
        ['If it is not there by ', { time: phase.grant.startBy }, ', it is given up.'],
        ...because(phase.error),
      ];
    case 'active':
      return activeSentences(request, phase);
    case 'deescalating':
      return deescalatingSentences(request, phase);
    case 'ended':
      return [...endedSentences(request, phase), ...actionSentences(request)];
    case 'denied':
      return [
        [
          `${deniedBy(phase.denier)} denied it on `,
          { time: phase.at },
          `${saying(phase.message)}. Nothing was granted.`,
        ],
      ];
    case 'cancelled':
      if (phase.why === 'left')
        return [
          [`${goneFromPeople(request)}: it was withdrawn on `, { time: phase.at }, '. Nothing was granted.'],
          [ifByMistake],
        ];
      return [[`${called(request.requester)} withdrew it on `, { time: phase.at }, '. Nothing was granted.']];
    case 'lapsed':
      return [['Nobody decided by ', { time: phase.at }, ', so it lapsed. Nothing was granted.']];
    case 'failed':
      return [
        ['It could not be granted, and was given up on ', { time: phase.at }, '. Nothing of it is left.'],
        ...because(phase.error),
      ];
    default:
      return phase satisfies never;
  }
}

/** A person as people know them: the name on the surface, and who that is where it differs. */
function called({ person, via }: Speaker): string {
  return person === null || person === via.name ? via.name : `${via.name} (${person})`;
}

function deniedBy(denier: Denier): string {
  return 'rule' in denier ? ruleOpening(denier) : called(denier);
}

/** A rule that may deny, and cannot be judged. */
function holdSentence({ rule, why }: Hold): Phrase {
  return [
    `Nothing is approved while the rule ${rule} cannot be judged: ${why.replace(/\.+$/, '')}. It is judged again when somebody approves; an admin may stand in.`,
  ];
}

function extensionSentence({ by, total, message }: Extension): Phrase {
  return [
    `${called(by)} asks for ${printDuration(total)} in all${saying(message)}: that waits for approval, and changes nothing until then.`,
  ];
}

function extensionDenied({ at, denier, message }: NonNullable<Request['extensions']['last']>): Phrase {
  const who = denier ? deniedBy(denier) : 'Somebody';
  return [`${who} denied more time on `, { time: at }, `${saying(message)}.`];
}

type PhaseIn<S extends Request['phase']['status']> = Extract<Request['phase'], { status: S }>;

function promise(request: Request): Phrase {
  const { form, policy, requester, stepsInForce, narrowed } = request;
  const duration = durationOf(request);
  const when = stepsInForce.length === 1 ? 'Once this is approved' : 'Once all steps are approved';
  if (form.target === undefined) {
    const runs = whatWillRun(request);
    const valid = `the approval holds for ${printDuration(policy.validFor)}`;
    return [runs === '' ? `${when}, ${valid}.` : `${when}, ${runs}; ${valid}.`];
  }
  const gets = `${when}, ${called(requester)} gets ${form.target.label}`;
  if (duration === undefined || duration === 'until-revoked') return [`${gets} until somebody revokes it.`];
  const less = narrowed ? `, as ${narrowed.by.via.name} shortened it` : '';
  return [`${gets} for ${printGrantedFor(duration)}${less}; then it is taken back by itself.`];
}

function allIn({ breakGlass }: Request): string {
  return breakGlass ? 'Now' : 'All approvals are in, and';
}

function approvedSentences({ startBy, validUntil }: PhaseIn<'approved'>, opening: string): readonly Phrase[] {
  if (validUntil) return [['All approvals are in. The approval holds until ', { time: validUntil }, '.']];
  return [
    [`${opening} access is being prepared. It is not there yet.`],
    ...(startBy ? [['If it is not there by ', { time: startBy }, ', it is given up.']] : []),
  ];
}

function activeSentences(request: Request, { expiresAt, extension }: PhaseIn<'active'>): readonly Phrase[] {
  const { granted, extensions } = request;
  return [
    ...handOverSentences(request),
    expiresAt
      ? ['It is taken back by itself on ', { time: expiresAt }, '.']
      : ['It stays until somebody revokes it.'],
    ...(granted?.verified === 'answered'
      ? [['The target confirmed it, but cannot be read, so nobody has looked.']]
      : []),
    ...(extension ? [extensionSentence(extension)] : []),
    ...(extensions.last?.denier && !extension ? [extensionDenied(extensions.last)] : []),
    ...(extension?.holds.map(holdSentence) ?? []),
  ];
}

function handOverSentences(request: Request): readonly Phrase[] {
  const { requester, granted } = request;
  if (awaitsHandOver(request))
    return [
      [
        `What goes with it, such as a password, is for ${called(requester)} alone, and is shown once: in Slack, on their card or in the app’s Home, by “Show credentials”.`,
      ],
    ];
  if (granted?.handedOverAt === undefined) return [];
  return [['What goes with it was shown to whoever asked on ', { time: granted.handedOverAt }, '.']];
}

function deescalatingSentences(
  request: Request,
  { why, alarms, error, since }: PhaseIn<'deescalating'>,
): readonly Phrase[] {
  const { revoked } = request;
  const reason = {
    expired: 'Its time is up',
    revoked: revoked
      ? `${called(revoked.by)} ended it early${saying(revoked.message)}`
      : 'It was ended early',
    'escalation-failed': 'It could not be granted',
    left: goneFromPeople(request),
  }[why];
  const what =
    why === 'escalation-failed' ? 'whatever may have taken effect is taken back' : 'access is taken back';
  return [
    [`${reason}: since `, { time: since }, ` ${what}.`],
    ...(alarms > 0
      ? [['It is not confirmed gone yet. It is tried until it is, and the admins have been told.']]
      : []),
    ...because(error),
  ];
}

function goneFromPeople({ requester }: Request): string {
  return `${called(requester)} is no longer in flows/people.yml`;
}

const ifByMistake =
  'If that is a mistake, put it right there by a pull request, and ask again: nothing comes back by itself.';

function endedSentences(request: Request, { why, at, left }: PhaseIn<'ended'>): readonly Phrase[] {
  const { granted, revoked, actionRuns } = request;
  const gone = why === 'left' ? [[`${goneFromPeople(request)}, so it ended. ${ifByMistake}`]] : [];
  const early = why === 'revoked' && revoked ? [earlyEnd(revoked)] : gone;
  if (granted)
    return [
      ...early,
      ['Access was there from ', { time: granted.since }, goneBy[left ?? 'nothing'], { time: at }, '.'],
      ...(left === undefined ? [] : [[stays[left]]]),
    ];
  if (why !== 'expired' && actionRuns.length > 0) return [...early, ['It ended on ', { time: at }, '.']];
  if (why !== 'expired') return [...early, ['It ended on ', { time: at }, '. Nothing was granted.']];
  return [['The time of this approval was up on ', { time: at }, '.']];
}

type Left = NonNullable<PhaseIn<'ended'>['left']>;
const goneBy = {
  nothing: ' and was gone by ',
  'by-another': ' and this grant of it ended by ',
  'as-before': ' and was put back to what it was by ',
} as const satisfies { readonly [L in Left | 'nothing']: string };
const stays = {
  'by-another': 'Another request gives the same access, and that goes on.',
  'as-before': 'What was there before this request stays.',
} as const satisfies { readonly [L in Left]: string };

function earlyEnd({ by, message }: NonNullable<Request['revoked']>): Phrase {
  return [`${called(by)} ended it early${saying(message)}.`];
}

function saying(message: string | undefined): string {
  return message === undefined ? '' : `, saying “${inQuotes(message)}”`;
}

function because(error: string | undefined): readonly Phrase[] {
  return error === undefined ? [] : [[`What went wrong: ${error.replace(/\.+$/, '')}.`]];
}
