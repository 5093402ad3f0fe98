// The App Home of a person: what waits for them, what they have, what they asked for.
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Overview } from '../../engine/ports/reception.ts';
import type { SlackPerson } from './read-delivery.ts';
import { renderHome } from './render-home.ts';
import type { Who } from './who.ts';

export interface Home {
  /** The first page is 0. */
  show(connection: SlackConnection, who: SlackPerson, page?: number): Promise<void>;
}

export interface HomeParts {
  readonly who: Who;
  readonly overview: Overview;
  readonly clock: Pick<Clock, 'now'>;
}

export function createHome({ who: people, overview, clock }: HomeParts): Home {
  return {
    async show(connection, who, page = 0) {
      const known = await people.known(who);
      const [waiting, mine] = await Promise.all([
        Promise.all(known.map(({ desk, person }) => overview.waitingFor(desk, person))),
        Promise.all(known.map(({ desk, person }) => overview.askedBy(desk, person))),
      ]);
      const colleagues = await Promise.all(known.map(({ desk }) => people.isColleague(desk, who)));
      const view = renderHome({
        // Whom nobody knows is told how to become known where they ask.
        mayAsk: known.length === 0 || colleagues.includes(true),
        waiting: waiting.flat(),
        mine: mine.flat(),
        now: clock.now(),
        page: Number.isSafeInteger(page) ? page : 0,
      });
      await connection.publishHome({ user: who.user, view });
    },
  };
}
