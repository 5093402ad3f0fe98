// The ways by which people are reached, as one: each message goes by the door of whom it is for.
import type { GitHubThread } from '../domain/entries.ts';
import type { Destination } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { doorOf, type Door } from '../domain/routes.ts';
import { Failure } from './ports/failure.ts';
import type { Surface } from './ports/surface.ts';

/** One of them: all but the issue, which only GitHub has. */
export type DoorSurface = Omit<Surface, 'openThread'>;

export interface Doors {
  readonly github: Surface;
  /** Absent where it is not set up. */
  readonly slack?: DoorSurface;
  readonly email?: Pick<DoorSurface, 'showCard' | 'sendNotice'>;
}

const names = { github: 'GitHub', slack: 'Slack', email: 'E-mail' } as const satisfies {
  [D in Door]: string;
};

export function joinDoors(doors: Doors): Surface {
  const { github, slack } = doors;

  function doorTo(to: Destination): Pick<DoorSurface, 'showCard' | 'sendNotice'> {
    const door = doors[doorOf(to)];
    if (door) return door;
    // Whoever is told next is told instead.
    throw new Failure(`${names[doorOf(to)]} is not set up here.`, { transient: false });
  }

  return {
    openThread: (request: Request): Promise<GitHubThread> => github.openThread(request),
    showCard: async (request, to, card) => doorTo(to).showCard(request, to, card),
    sendNotice: async (request, owed) => doorTo(owed.to).sendNotice(request, owed),
    async answer(command, refusal) {
      // Whoever decides on a page of ours reads there what became of it.
      if ('voice' in command && command.voice.surface === 'web') return;
      if ('voice' in command && command.voice.surface === 'slack') await slack?.answer(command, refusal);
      else await github.answer(command, refusal);
    },
    async reread(request) {
      if (request.thread) await github.reread(request);
      await slack?.reread(request);
    },
  };
}
