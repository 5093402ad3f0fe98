// Hands what goes with a grant to whoever asked for it: fetched when they want to see it, shown once, and kept nowhere.
import { awaitsHandOver, isFrozen, type Phase, type Request } from '../domain/request.ts';
import type { RequestId } from '../domain/names.ts';
import type { Engine } from './engine.ts';
import { createTurnstile } from './turnstile.ts';
import {
  Failure,
  type Clock,
  type Directory,
  type HandedOver,
  type HandingOver,
  type HandOverOutcome,
  type Store,
} from './ports.ts';

export interface HandOverParts {
  readonly store: Pick<Store, 'load' | 'cursor'>;
  readonly directory: Pick<Directory, 'person'>;
  /** Has it told, of a grant that is there. Throws `Failure`. */
  readonly ask: (
    request: Request & { readonly phase: Extract<Phase, { status: 'active' }> },
  ) => Promise<HandedOver>;
  readonly clock: Pick<Clock, 'now'>;
  readonly engine: Pick<Engine, 'submit'>;
  /** Never beside another call for the same resource: whoever takes it back waits until this is over. */
  readonly inTurn: <T>(request: Request, work: () => Promise<T>) => Promise<T>;
}

export function createHandingOver(parts: HandOverParts): HandingOver {
  const { store, directory, clock, engine, ask } = parts;
  /** However often they press, one press of a request waits for the resource: what ends there waits behind no more. */
  const presses = createTurnstile();

  async function load(id: RequestId): Promise<Request | undefined> {
    const stored = await store.load(id);
    if (stored === undefined || isFrozen(stored.request)) return undefined;
    const { phase } = stored.request;
    const isThere =
      phase.status === 'active' && (phase.expiresAt === undefined || clock.now() < phase.expiresAt);
    return isThere && phase.grant.handsOver ? stored.request : undefined;
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
        if (request?.phase.status !== 'active') return 'over';
        if (!awaitsHandOver(request)) return 'told';
        await demandWhole(request);
        const { phase } = request;
        const what = await ask({ ...request, phase });
        await show(what);
        const by = { person, via: { surface, account, name, ref } };
        await engine.submit(id, { type: 'note-handed-over', by });
        return 'shown';
      };
      return presses.pass(id, () => parts.inTurn(asked, work));
    },
  };
}
