// What can be pressed on a card: the two or three things that people do most as buttons, the rest under “⋯”.
import type { ActionsBlock, Button, KnownBlock, Overflow } from '@slack/web-api';
import type { Card, CardAction } from '../../domain/card.ts';
import { requestId, type Destination, type RequestId } from '../../domain/names.ts';
import { toRequester } from '../../domain/routes.ts';
import { button, buttons, most, plain } from './blocks.ts';
import { clip } from './escape.ts';
import { whoAsks } from './pieces.ts';

/** What stands under “⋯”. */
const moreWords = {
  less: 'Grant less…',
  admin: 'Stand in as admin…',
  cancel: 'Withdraw…',
  why: 'Why?',
} as const;
export type MoreAction = keyof typeof moreWords;

/** What whoever asked may do on their own card: others decide. */
const requesters: readonly CardAction[] = ['hand-over', 'cancel', 'extend', 'revoke'];

/** What is for whoever asked alone is on their own card alone. */
export const handOverAction = 'hand-over';

/** Nothing where nothing can be pressed any more. */
export function cardActions(whole: Card, to: Destination): KnownBlock[] {
  const isTheirs = to === toRequester;
  const card = isTheirs
    ? {
        ...whole,
        actions: whole.actions.filter((action) => requesters.includes(action)),
        mayGrantLess: false,
      }
    : { ...whole, actions: whole.actions.filter((action) => action !== handOverAction) };
  const { actions, request } = card;
  if (actions.length === 0) return [];
  const shown = order.filter((action) => actions.includes(action));
  return buttons(actionsBlockId(request), [
    ...shown.map((action) => words[action](card)),
    ...moreMenu(card),
  ] satisfies ActionsBlock['elements']);
}

/** Buttons of a message beside the card. */
export function someActions(card: Card, wanted: readonly Button['action_id'][]): KnownBlock[] {
  const shown = order.filter((action) => wanted.includes(action) && card.actions.includes(action));
  return buttons(
    actionsBlockId(card.request),
    shown.map((action) => words[action](card)),
  );
}

function actionsBlockId(request: RequestId): string {
  return `countersign:${request}`;
}

/** Withdrawing stands under “⋯”. */
const order = [
  'hand-over',
  'approve',
  'deny',
  'review',
  'extend',
  'revoke',
] as const satisfies readonly CardAction[];

const words = {
  'hand-over': ({ request }) =>
    button({ action: handOverAction, text: 'Show credentials', value: request, style: 'primary' }),
  approve: (card) => ({
    ...button({ action: 'approve', text: 'Approve', value: deciding(card), style: 'primary' }),
    ...askFirst(card),
  }),
  deny: (card) => button({ action: 'deny', text: 'Deny', value: deciding(card), style: 'danger' }),
  review: ({ request }) => button({ action: 'review', text: 'Review', value: request, style: 'primary' }),
  extend: ({ request }) => button({ action: 'extend', text: 'Extend', value: request }),
  revoke: ({ request }) => button({ action: 'revoke', text: 'Revoke', value: request, style: 'danger' }),
} as const satisfies { readonly [A in (typeof order)[number]]: (card: Card) => Button };

/** With what is to be decided: a button that was shown for one thing decides no other. */
function deciding({ request, matter }: Card): string {
  return matter === undefined ? request : `${request} ${matter}`;
}

/** What a button of a card is about; undefined where it is none of ours. */
export function readTarget(
  value: string,
): { readonly request: RequestId; readonly matter?: string } | undefined {
  const [, request, matter] = /^([0-9A-Z]{26})(?: (request|extension-[0-9]+))?$/.exec(value) ?? [];
  if (request === undefined) return undefined;
  return { request: requestId(request), ...(matter !== undefined && { matter }) };
}

/** Nobody approves something dangerous by a slip of the thumb. Where a form follows, the form warns. */
function askFirst({ danger, decisionMessage, subject, requester, status }: Card): Pick<Button, 'confirm'> {
  if (danger === undefined || decisionMessage === 'required' || status !== 'pending') return {};
  return {
    confirm: {
      title: plain('Approve this?', 100),
      text: plain(`${clip(danger, 180)} ${clip(`${subject}, for ${whoAsks(requester)}`, 110)}`, 300),
      confirm: plain('Approve', 30),
      deny: plain('Not now', 30),
    },
  };
}

function moreMenu(card: Card): readonly Overflow[] {
  const offered: readonly MoreAction[] = [
    ...(card.mayGrantLess ? (['less'] as const) : []),
    ...(card.actions.includes('approve') ? (['admin'] as const) : []),
    ...(card.actions.includes('cancel') ? (['cancel'] as const) : []),
    'why',
  ];
  return [
    {
      type: 'overflow',
      action_id: 'more',
      options: offered.map((action) => ({
        text: plain(moreWords[action], most.option),
        value: `${action}:${deciding(card)}`,
      })),
    },
  ];
}

/** What was chosen under “⋯”; undefined where it is none of ours. */
export function readMore(
  value: string,
): { readonly action: MoreAction; readonly request: RequestId; readonly matter?: string } | undefined {
  const [, name, about = ''] = /^([a-z]+):(.+)$/.exec(value) ?? [];
  const action = moreActions.find((each) => each === name);
  const target = readTarget(about);
  return action && target && { action, ...target };
}

const moreActions = ['less', 'admin', 'cancel', 'why'] as const satisfies readonly MoreAction[];
