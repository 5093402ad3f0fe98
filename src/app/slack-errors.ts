// What operators must know of Slack: that it is out, does not reach us or does not let us in, and that an error channel is missing.
import type { SlackApp } from '../clients/slack/slack-app.ts';
import type { DeskId } from '../domain/names.ts';
import type { ErrorChannel } from '../engine/error-channel.ts';
import type { ErrorRooms } from '../engine/error-rooms.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { watchSlack } from '../engine/watch-slack.ts';
import type { SlackConnection } from '../surfaces/slack/connect-slack.ts';
import type { Deafness } from '../surfaces/slack/surface.ts';

export interface SlackErrors {
  /** Asks nobody: as often as the bell rings. */
  look(): void;
  /** Whether the error channels that a desk names are there. Throws `Failure` while nobody says. */
  lookAtChannels(desk: DeskId): Promise<void>;
}

export interface SlackErrorParts {
  readonly app: Pick<SlackApp, 'health' | 'shutOut'>;
  readonly connection: Pick<SlackConnection, 'errorRooms'>;
  readonly deafness: Pick<Deafness, 'since'> | undefined;
  readonly clock: Clock;
  readonly errors: ErrorChannel;
  readonly desks: readonly DeskId[];
}

export function createSlackErrors({ app, connection, deafness, ...around }: SlackErrorParts): SlackErrors {
  const { errors } = around;
  const { look } = watchSlack({
    ...around,
    signs: {
      unreachableSince: () => app.health.unreachableSince(),
      deafSince: () => deafness?.since(),
      shutOut: () => app.shutOut(),
    },
  });
  return {
    look,
    async lookAtChannels(desk) {
      const missing = await connection.errorRooms.missing(desk);
      errors.standing(
        desk,
        'error-channel ',
        missing.map(({ room, why }) => ({
          key: `error-channel ${room}`,
          kind: 'error-channel-missing',
          what: why,
        })),
      );
    },
  };
}

/** The channels are made after what is told in them. */
export function forwardingRooms(made: () => ErrorRooms | undefined): ErrorRooms {
  const rooms = (): ErrorRooms => {
    const found = made();
    if (found === undefined) throw new Error('There is no Slack here.');
    return found;
  };
  return {
    plan: (...asked) => rooms().plan(...asked),
    show: (...shown) => rooms().show(...shown),
    tell: (...told) => rooms().tell(...told),
    leave: (...left) => rooms().leave(...left),
  };
}
