// Finds whose access has to end because they are no longer among the desk's people. It is seen in the state, not heard of: a crash loses nothing.
import { minutes } from '../domain/duration.ts';
import { between, type DeskId, type Instant, type PersonId, type RequestId } from '../domain/names.ts';
import { describe, type Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Roster } from './ports/directory.ts';
import type { Store } from './ports/store.ts';

export interface Leavers {
  /** Looks now: the files of the desk have changed. Never throws. */
  look(desk: DeskId): Promise<void>;
  /** As often as one likes. Never throws. */
  wake(desks: readonly DeskId[]): void;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

export interface LeaversParts {
  readonly store: Pick<Store, 'requesters' | 'unfinished' | 'load'>;
  readonly roster: Roster;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Who leaves is mostly seen at once, as a push is heard of: this is for what was not. */
const every = minutes(1);

export function createLeavers(
  { store, roster, clock, log }: LeaversParts,
  engine: Pick<Engine, 'submit'>,
): Leavers {
  const looked = new Map<DeskId, Instant>();
  const running = new Map<DeskId, Promise<void>>();

  function look(desk: DeskId): Promise<void> {
    looked.set(desk, clock.now());
    const run = (running.get(desk) ?? Promise.resolve())
      .then(() => lookAt(desk))
      .catch((error: unknown) => {
        log.warn('Who has left a desk cannot be told now', { desk, error: describe(error) });
      })
      .finally(() => {
        if (running.get(desk) === run) running.delete(desk);
      });
    running.set(desk, run);
    return run;
  }

  async function lookAt(desk: DeskId): Promise<void> {
    for (const person of await store.requesters(desk)) {
      if (await roster.isHere(desk, person)) continue;
      for (const id of await store.unfinished({ desk, requester: person }, Number.MAX_SAFE_INTEGER))
        await end(desk, person, id);
    }
  }

  /** Who is called otherwise now, and has the account that they asked with, has not left. One that fails keeps back no other. */
  async function end(desk: DeskId, person: PersonId, id: RequestId): Promise<void> {
    try {
      const account = (await store.load(id))?.request.requester.via.account;
      if (account === undefined || (await roster.isHere(desk, person, account))) return;
      await engine.submit(id, { type: 'note-left' });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn('Whether somebody has left cannot be told now', { desk, request: id, error: error.message });
    }
  }

  return {
    look,
    wake(desks) {
      for (const desk of desks) {
        const last = looked.get(desk);
        if (running.has(desk) || (last !== undefined && between(last, clock.now()) < every)) continue;
        void look(desk);
      }
    },
    async idle() {
      await Promise.all(running.values());
    },
  };
}
