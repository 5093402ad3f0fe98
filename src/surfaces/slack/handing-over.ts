// Shows whoever asked what goes with their access: in a window of their own, which Slack keeps in no conversation.
import type { ModalView } from '@slack/web-api';
import type { SlackCall } from '../../clients/slack/call-queue.ts';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { Voice } from '../../domain/commands.ts';
import { plus, type Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { HandedOver } from '../../engine/ports/access.ts';
import type { HandingOver } from '../../engine/ports/reception.ts';
import { triggerMs } from './asking.ts';
import { most, plain } from './blocks.ts';
import { readTarget } from './card-actions.ts';
import { clip, oneLine } from './escape.ts';
import { errorView, waitingView } from './plain-views.ts';
import type { DeliveredOf } from './read-delivery.ts';

export interface HandingOverParts {
  readonly handing: HandingOver;
  readonly clock: Pick<Clock, 'now'>;
}

/** Takes a press of “Show credentials”. Nothing in it is decided; it may take as long as the service takes. */
export type ShowHandedOver = (
  connection: Pick<SlackConnection, 'openView' | 'updateView'>,
  press: DeliveredOf<'press'>,
  voice: Voice,
) => Promise<void>;

export function createShowHandedOver({ handing, clock }: HandingOverParts): ShowHandedOver {
  return async (connection, { trigger, value }, voice) => {
    const target = readTarget(value);
    if (target === undefined) return;
    const notAfter = plus(clock.now(), triggerMs);
    const { id } = await connection.openView({ trigger, view: waitingView(), notAfter });
    const show = async (content: ModalView, call: SlackCall = {}): Promise<void> => {
      await connection.updateView({ view: id, content, ...call });
    };
    try {
      const outcome = await handing.handOver(target.request, voice, (what) =>
        show(handedView(what), { notAfter: plus(clock.now(), patience) }),
      );
      if (outcome !== 'shown') await show(errorView(instead[outcome]));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await show(errorView(`${clip(oneLine(error.message), 300)} ${afterFailure}`));
    }
  };
}

/** Whoever takes the access back waits until it is shown: what Slack puts off for longer is let go, and not kept. */
const patience: Milliseconds = 10_000;

const afterFailure = 'Nothing was shown. Press again in a minute; if it stays so, tell an admin.';
const instead = {
  'not-yours': 'This is for whoever asked for the access, and for nobody else.',
  told: 'It was shown already, which is done once. Whoever needs it again asks for access again.',
  over: 'This access is not there any more, and what went with it is of no use.',
} as const;

/** Slack takes so much in one text. */
const longestText = 3000;

function handedView(what: HandedOver): ModalView {
  return {
    type: 'modal',
    callback_id: 'handed-over',
    title: plain('For you alone', most.title),
    close: plain('I have it', most.title),
    clear_on_close: true,
    blocks: [
      {
        type: 'section',
        text: plain(
          'This is shown once. Countersign keeps no copy: put it where it belongs before you close this.',
          300,
        ),
      },
      ...Object.entries(what).flatMap(([name, text]) => [
        { type: 'divider' as const },
        { type: 'context' as const, elements: [plain(name, 100)] },
        ...piecesOf(text).map((piece) => ({
          type: 'rich_text' as const,
          elements: [
            {
              type: 'rich_text_preformatted' as const,
              elements: [{ type: 'text' as const, text: piece }],
            },
          ],
        })),
      ]),
    ],
  };
}

/** As it is, character by character: nothing in it is read as formatting. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += longestText)
    pieces.push(text.slice(start, start + longestText));
  return pieces.length === 0 ? ['(empty)'] : pieces;
}
