// From what somebody did on Slack to what the engine is asked: what decides is durable before Slack is told so.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { Voice } from '../../domain/commands.ts';
import { earlier } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Asking } from './asking.ts';
import type { Deciding } from './deciding.ts';
import { decisions } from './decision-form.ts';
import { askAction, flowBlock } from './flow-list.ts';
import { handOverAction } from './card-actions.ts';
import type { ShowHandedOver } from './handing-over.ts';
import type { Home } from './home.ts';
import type { Orders } from './orders.ts';
import type { Patience } from './patience.ts';
import {
  accountOf,
  readDelivery,
  type Delivered,
  type DeliveredOf,
  type SlackDelivery,
} from './read-delivery.ts';
import { pageAction } from './render-home.ts';
import { requestCallback } from './request-form.ts';
import { connectionTo } from './slack-places.ts';

export interface HearingParts {
  readonly slack: SlackApp;
  readonly asking: Asking;
  readonly deciding: Deciding;
  readonly showHandedOver: ShowHandedOver;
  readonly home: Home;
  readonly orders: Orders;
  /** What is said in the thread of a card. */
  readonly overhear: (reply: DeliveredOf<'reply'>) => Promise<void>;
  readonly mayBeShown: Patience;
  /** Whether the workspace that it came from may speak for whoever it names. */
  readonly isVouchedFor: (delivered: Delivered) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  /** Work that Slack does not wait for. */
  readonly background: (work: () => Promise<void>) => void;
}

/** What the acknowledgement carries; durable when it resolves, and a throw means that it was not taken. */
export type AcceptSlack = (delivery: SlackDelivery) => Promise<object | undefined>;

export function createHearing(parts: HearingParts): AcceptSlack {
  const { slack, asking, deciding, home, orders, overhear, clock, log, background } = parts;
  const { mayBeShown, isVouchedFor, showHandedOver } = parts;

  async function hear(delivered: Delivered): Promise<object | undefined> {
    const connection = await connectionTo(slack, delivered.workspace);
    if (showsOnly(delivered) && !mayBeShown(accountOf(delivered.who))) {
      log.info('Somebody on Slack asks to be shown too much at once', { workspace: delivered.workspace });
      return delivered.type === 'command' ? tooMuch : undefined;
    }
    switch (delivered.type) {
      case 'command':
        return orders.answer(connection, delivered);
      case 'shortcut': {
        const { who, trigger, workspace, channel } = delivered;
        const origin = channel === undefined ? {} : { origin: { workspace, channel } };
        background(() => asking.open(connection, { who, trigger, ...origin }));
        return undefined;
      }
      case 'press':
        return press(delivered);
      case 'submission':
        return submit(delivered);
      case 'suggestion': {
        const { who, view, block, query } = delivered;
        return view ? asking.suggest(who, view, { block, query }) : { options: [] };
      }
      case 'home':
        background(() => home.show(connection, delivered.who));
        return undefined;
      case 'reply':
        background(() => overhear(delivered));
        return undefined;
      default:
        return delivered satisfies never;
    }
  }

  async function press(pressed: DeliveredOf<'press'>): Promise<undefined> {
    const connection = await connectionTo(slack, pressed.workspace);
    const { who, view, action, block, value, trigger } = pressed;
    if (action === askAction && view?.callback !== 'flows')
      background(() => asking.open(connection, { who, trigger }));
    else if (action === handOverAction)
      background(async () => {
        await showHandedOver(connection, pressed, voiceOf(pressed));
        if (view) await home.show(connection, who);
      });
    else if (action.startsWith(pageAction)) background(() => home.show(connection, who, Number(value)));
    else if (view?.callback === requestCallback || block.startsWith(flowBlock)) {
      if (view) background(() => asking.change(connection, who, view, value));
    } else {
      await deciding.press(connection, pressed, voiceOf(pressed));
      if (view) background(() => home.show(connection, who));
    }
  }

  async function submit(submission: DeliveredOf<'submission'>): Promise<object | undefined> {
    const { callback } = submission.view;
    if (callback === requestCallback) return asking.submit(submission, voiceOf(submission));
    if (decisions.some((each) => each === callback)) return deciding.submit(submission, voiceOf(submission));
    return undefined;
  }

  /** Who it is comes from the signed payload, and so does what tells it apart from another press. */
  function voiceOf(delivered: DeliveredOf<'press' | 'submission'>): Voice {
    const { who, workspace, at } = delivered;
    const done =
      delivered.type === 'submission'
        ? delivered.view.id
        : `${delivered.message?.channel ?? delivered.view?.id ?? ''}/${delivered.message?.ts ?? ''}/${delivered.pressed}`;
    const message = delivered.type === 'press' ? delivered.message : undefined;
    return {
      surface: 'slack',
      account: accountOf(who),
      name: who.name,
      ref: `${who.team}/${who.user}/${done}`,
      at: earlier(at, clock.now()),
      ...(message && {
        where: { surface: 'slack', workspace, channel: message.channel, message: message.ts },
      }),
    };
  }

  return async (delivery) => {
    const delivered = readDelivery(delivery);
    if (delivered === 'nothing') return undefined;
    if (delivered === 'unreadable') {
      log.warn('A delivery of Slack does not look as documented', { workspace: delivery.connection });
      return undefined;
    }
    if (!(await isVouchedFor(delivered))) {
      log.warn('A workspace spoke for somebody who is not its own', { workspace: delivery.connection });
      return undefined;
    }
    return hear(delivered);
  };
}

/** What decides is taken from everybody, as often as they say it. */
function showsOnly(delivered: Delivered): boolean {
  if (delivered.type === 'press') return delivered.action !== 'approve';
  return ['command', 'shortcut', 'home'].includes(delivered.type);
}

const tooMuch = {
  response_type: 'ephemeral',
  text: 'That is a lot at once. Wait a minute, then say it again.',
};
