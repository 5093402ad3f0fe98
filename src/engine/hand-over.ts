// Hands what goes with a grant to whoever asked for it: fetched when they want to see it, shown once, and kept nowhere.
import type { Grant } from '../domain/entries.ts';
import { awaitsHandOver, isFrozen, type Phase, type Request } from '../domain/request.ts';
import type { RequestId } from '../domain/names.ts';
import type { Engine } from './engine.ts';
import { createTurnstile } from './turnstile.ts';
import { Failure } from './ports/failure.ts';
import type { Clock } from './ports/clock.ts';
import type { Directory } from './ports/directory.ts';
import type { HandedOver } from './ports/access.ts';
import type { HandingOver, HandOverOutcome } from './ports/reception.ts';
import type { Store } from './ports/store.ts';

export interface HandOverParts {
  readonly store: Pick<Store, 'load' | 'cursor'>;
  readonly directory: Pick<Directory, 'person'>;
  /** Has it told, of a grant that is there. Throws `Failure`. */
  readonly ask: (request: ActiveRequest) => Promise<HandedOver>;
  readonly clock: Pick<Clock, 'now'>;
  readonly engine: Pick<Engine, 'submit'>;
  /** Never beside another call for the same resource: whoever takes it back waits until this is over. */
  readonly inTurn: <T>(grant: Grant, work: () => Promise<T>) => Promise<T>;
}

type ActiveRequest = Request & { readonly phase: Extract<Phase, { status: 'active' }> };

export function createHandingOver(parts: HandOverParts): HandingOver {
  const { store, directory, clock, engine, ask } = parts;
  /** However often they press, one press of a request waits for the resource: what ends there waits behind no more. */
  const presses = createTurnstile();

  async function load(id: RequestId): Promise<ActiveRequest | undefined> {
    const stored = await store.load(id);
    if (stored === undefined || isFrozen(stored.request)) return undefined;
    const { phase } = stored.request;
    if (phase.status !== 'active' || !phase.grant.handsOver) return undefined;
    const isOver = phase.expiresAt !== undefined && clock.now() >= phase.expiresAt;
    return isOver ? undefined : { ...stored.request, phase };
  }

  async function demandWhole({ desk }: Request): Promise<void> {
    const cursor = await store.cursor(desk);
    if (cursor?.diverged !== undefined)
      throw new Failure('The ledger was changed by somebody else: nothing is given until that is settled.', {
        transient: false,
      });
  }

  return {
    async handOver(id, { account, surface, name, ref }, show): Promise<HandOverOutcome> {
      const asked = await load(id);
      if (asked === undefined) return 'over';
      const person = await directory.person(asked.desk, account);
      if (person === null || person !== asked.requester.person) return 'not-yours';
      const work = async (): Promise<HandOverOutcome> => {
        // Whoever waited for the resource may be too late, or have seen it by another press.
        const request = await load(id);
        if (request === undefined) return 'over';
        if (!awaitsHandOver(request)) return 'told';
        await demandWhole(request);
        await show(await ask(request));
        const by = { person, via: { surface, account, name, ref } };
        await engine.submit(id, { type: 'note-handed-over', by });
        return 'shown';
      };
      return presses.pass(id, () => parts.inTurn(asked.phase.grant, work));
    },
  };
}
