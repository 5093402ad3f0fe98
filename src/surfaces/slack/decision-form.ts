// The small forms behind the buttons of a card: a reason, a shorter time, more time, and a last look before access ends.
import type { InputBlock, ModalView } from '@slack/web-api';
import type { Card } from '../../domain/card.ts';
import { hours, minutes, parseDuration, printDuration } from '../../domain/duration.ts';
import type { ReviewOutcome } from '../../domain/entries.ts';
import type { DecisionMessage } from '../../domain/flow.ts';
import { between, requestId, type Milliseconds, type RequestId } from '../../domain/names.ts';
import { durationOf, type Request } from '../../domain/request.ts';
import { cardOf } from '../../domain/card.ts';
import { most, paragraphs, plain } from './blocks.ts';
import { chooseOne, inputAction, mostListed } from './choice.ts';
import { clip, oneLine } from './escape.ts';
import { whoAsks, type Line } from './pieces.ts';
import { printPlace, readPlace, type Place } from './place.ts';

/** What each of them does; the `callback_id` of its view is this. */
export const decisions = [
  'approve',
  'less',
  'admin',
  'deny',
  'review',
  'revoke',
  'cancel',
  'extend',
] as const;
export type Decision = (typeof decisions)[number];

const messageBlock = 'message';
const durationBlock = 'duration';
const outcomeBlock = 'outcome';
const longestMessage = 2000;

/** `place`: what the view carries along beside the request, such as the message whose button was pressed. */
export function decisionForm(decision: Decision, request: Request, place: Place = {}): ModalView {
  const card = cardOf(request);
  const { title, submit, lines, inputs } = parts[decision](request, card);
  return {
    type: 'modal',
    callback_id: decision,
    private_metadata: printPlace({ ...place, request: request.id }),
    title: plain(title, most.title),
    submit: plain(submit, most.title),
    close: plain('Cancel', most.title),
    blocks: [...paragraphs(...lines), ...inputs],
  };
}

interface Parts {
  readonly title: string;
  readonly submit: string;
  readonly lines: readonly Line[];
  readonly inputs: readonly InputBlock[];
}

const parts = {
  approve: (_, card) => ({
    title: 'Approve',
    submit: 'Approve',
    lines: [what(card), ...dangerLine(card)],
    inputs: messageInput(card.decisionMessage),
  }),
  less: (request, card) => ({
    title: 'Grant less',
    submit: 'Approve for less',
    lines: [what(card), ...dangerLine(card)],
    inputs: [
      durationInput('For how long?', shorterThan(request), { isOptional: false }),
      ...messageInput(card.decisionMessage),
    ],
  }),
  admin: (_, card) => ({
    title: 'Stand in as admin',
    submit: 'Stand in',
    lines: [
      what(card),
      ...dangerLine(card),
      ['You approve in the place of those who decide. The card says so, and the reason.'],
    ],
    inputs: messageInput('required'),
  }),
  deny: (_, card) => ({
    title: 'Deny',
    submit: 'Deny',
    lines: [what(card)],
    inputs: messageInput(card.decisionMessage),
  }),
  review: (_, card) => ({
    title: 'Review',
    submit: 'Close the review',
    lines: [what(card), ...glassLines(card)],
    inputs: [outcomeInput, ...messageInput('required')],
  }),
  revoke: (_, card) => ({
    title: 'Revoke',
    submit: 'Revoke',
    lines: [
      what(card),
      ['Access is taken back now, before its time. To have it again, it is asked for again.'],
    ],
    inputs: messageInput('optional'),
  }),
  cancel: (_, card) => ({
    title: 'Withdraw',
    submit: 'Withdraw',
    lines: [what(card), ['Nobody has to decide on it any more. Nothing is granted.']],
    inputs: [],
  }),
  extend: (request, card) => ({
    title: 'Ask for more time',
    submit: 'Ask',
    lines: [what(card), ...extensionLines(request)],
    inputs: [
      durationInput('How much longer?', moreFor(request), { isOptional: true }),
      ...messageInput('optional'),
    ],
  }),
} as const satisfies { readonly [D in Decision]: (request: Request, card: Card) => Parts };

function what({ subject, requester, extension }: Card): Line {
  const more = extension === undefined ? '' : `, ${extension.total} in all`;
  return [{ bold: `${clip(oneLine(subject), 200)}${more}` }, `, for ${whoAsks(requester)}`];
}

function dangerLine({ danger }: Card): readonly Line[] {
  return danger === undefined ? [] : [['⚠️ ', { bold: clip(oneLine(danger), 1000) }]];
}

function glassLines({ breakGlass }: Card): readonly Line[] {
  if (breakGlass === undefined) return [];
  return [
    ['Nobody approved it. Why: “', clip(oneLine(breakGlass.reason), 600), '”'],
    ['Look at what was done. What you say is kept, and read by whoever asked and by the admins.'],
  ];
}

const outcomes = { fine: 'It was fine', concern: 'Somebody has to look further' } as const satisfies {
  readonly [O in ReviewOutcome]: string;
};

const outcomeInput: InputBlock = {
  type: 'input',
  block_id: outcomeBlock,
  label: plain('What did you find?', most.label),
  element: {
    type: 'radio_buttons',
    action_id: inputAction,
    options: Object.entries(outcomes).map(([value, text]) => ({ value, text: plain(text, most.option) })),
  },
};

/** Nothing is asked where nothing is kept. */
function messageInput(wanted: DecisionMessage): readonly InputBlock[] {
  if (wanted === 'off') return [];
  const isOptional = wanted === 'optional';
  return [
    {
      type: 'input',
      block_id: messageBlock,
      label: plain('Why?', most.label),
      hint: plain('Everybody who sees the request reads it.', most.hint),
      optional: isOptional,
      element: {
        type: 'plain_text_input',
        action_id: inputAction,
        multiline: true,
        max_length: longestMessage,
      },
    },
  ];
}

function durationInput(
  label: string,
  durations: readonly Milliseconds[],
  { isOptional }: { readonly isOptional: boolean },
): InputBlock {
  const choices = durations.map((duration) => ({
    value: printDuration(duration),
    label: printDuration(duration),
  }));
  return {
    type: 'input',
    block_id: durationBlock,
    label: plain(label, most.label),
    optional: isOptional,
    ...(isOptional && {
      hint: plain('Left empty: as long as at first, as far as the flow allows.', most.hint),
    }),
    element:
      choices.length > 0
        ? chooseOne({ choices, chosen: [], listed: mostListed }, { isOptional })
        : {
            type: 'plain_text_input',
            action_id: inputAction,
            placeholder: plain('30m, 2h, 1d', most.placeholder),
            max_length: 20,
          },
  };
}

const usualDurations: readonly Milliseconds[] = [
  ...[5, 10, 15, 30].map(minutes),
  ...[1, 2, 4, 8, 12, 24, 48, 72, 168].map(hours),
];

function shorterThan(request: Request): readonly Milliseconds[] {
  const asked = durationOf(request);
  if (asked === undefined || asked === 'until-revoked') return usualDurations;
  return usualDurations.filter((duration) => duration < asked);
}

/** As much as the flow leaves; it is asked again when it is decided. */
function moreFor(request: Request): readonly Milliseconds[] {
  const left = leftToExtend(request);
  if (left === undefined) return usualDurations;
  return usualDurations.filter((duration) => duration <= left);
}

function leftToExtend({ policy, granted }: Request): Milliseconds | undefined {
  if (!policy.extend || !granted?.expiresAt) return undefined;
  return policy.extend.maxTotal - between(granted.since, granted.expiresAt);
}

function extensionLines(request: Request): readonly Line[] {
  const { granted, policy } = request;
  if (!granted?.expiresAt || !policy.extend) return [];
  return [
    [
      'It ends ',
      { time: granted.expiresAt },
      `. This flow allows ${printDuration(policy.extend.maxTotal)} in all. Those who decide are asked again; until then nothing changes.`,
    ],
  ];
}

export interface FilledDecision {
  readonly request: RequestId;
  readonly message?: string;
  readonly duration?: Milliseconds;
  /** Of a review. */
  readonly outcome?: ReviewOutcome;
}

/**
 * What was filled in, or at which block it cannot be understood. Undefined where the view is none of ours.
 * `values` is the `state.values` of the view, at which nobody has looked yet.
 */
export function readDecision(
  privateMetadata: string,
  values: unknown,
): FilledDecision | { readonly errors: { readonly [blockId: string]: string } } | undefined {
  const { request } = readPlace(privateMetadata);
  if (request === undefined || !/^[0-9A-Z]{26}$/.test(request)) return undefined;
  const message = typedIn(values, messageBlock)?.trim();
  const written = typedIn(values, durationBlock)?.trim();
  const duration = written === undefined || written === '' ? undefined : parseDuration(written);
  if (written !== undefined && written !== '' && duration === undefined)
    return { errors: { [durationBlock]: 'Write a number and a unit, such as 30m, 2h or 1d.' } };
  const outcome = typedIn(values, outcomeBlock);
  return {
    request: requestId(request),
    ...((outcome === 'fine' || outcome === 'concern') && { outcome }),
    ...(message !== undefined && message !== '' && { message }),
    ...(duration !== undefined && { duration }),
  };
}

function typedIn(values: unknown, blockId: string): string | undefined {
  const input = at(at(values, blockId), inputAction);
  const value = at(input, 'value') ?? at(at(input, 'selected_option'), 'value');
  return typeof value === 'string' ? value : undefined;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}
