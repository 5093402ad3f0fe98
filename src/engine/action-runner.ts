// Carries out one owed action, and says what came of it. It knows whether an earlier try may have taken effect already.
import type { NewEntry } from '../domain/entries.ts';
import type { Effect } from '../domain/outstanding.ts';
import { owedAction } from '../domain/action-runs.ts';
import { actionKey, isOver, type Request } from '../domain/request.ts';
import type { RequestId } from '../domain/names.ts';
import type { Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import type { Actions, Ran } from './ports/actions.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';

export type RunAction = Extract<Effect, { type: 'run-action' }>;

export interface ActionRunner {
  /** Throws what may be tried again. */
  run(id: RequestId, owed: RunAction): Promise<void>;
  /** Told after each recording. */
  recorded(request: Request, entries: readonly NewEntry[]): void;
}

export interface ActionRunnerParts {
  readonly actions: Actions;
  readonly store: Pick<Store, 'load'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly engine: Pick<Engine, 'submit'>;
  readonly signal: AbortSignal;
}

export function createActionRunner({
  actions,
  store,
  clock,
  engine,
  signal,
}: ActionRunnerParts): ActionRunner {
  /** Started in this life of the app and not tried yet. Of all others nobody knows: they may have been called before a crash. */
  const untried = new Set<string>();

  /** Whether it is still owed, whatever was recorded since it was looked at. */
  async function isWanted(id: RequestId, { index }: RunAction): Promise<boolean> {
    const stored = await store.load(id);
    const owed = stored && owedAction(stored.request, stored.committedSeq, clock.now());
    return owed?.index === index;
  }

  async function attempt(
    id: RequestId,
    owed: RunAction,
  ): Promise<Ran | { readonly gaveUp: string } | undefined> {
    const { key, action, startedAt, runBy } = owed;
    const stored = await store.load(id);
    if (stored === undefined || !(await isWanted(id, owed))) return undefined;
    const isRepeated = !untried.delete(key);
    try {
      return await actions.run({
        ...{ request: id, desk: stored.request.desk, commit: stored.request.flow.commit },
        ...{ action, key, startedAt, isRepeated, signal },
        notAfter: runBy,
        isWanted: () => isWanted(id, owed),
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isRepeated && error.isUntouched) untried.add(key);
      if (!error.transient) return { gaveUp: error.message };
      throw error;
    }
  }

  return {
    async run(id, owed) {
      const { index } = owed;
      const ran = await attempt(id, owed);
      if (ran === undefined) return;
      if ('gaveUp' in ran) {
        const failed = { index, error: ran.gaveUp, gaveUp: true, attempts: 1 };
        await engine.submit(id, { type: 'note-action-failed', ...failed });
        return;
      }
      const { recorded } = ran;
      await engine.submit(id, { type: 'note-action-finished', index, ...(recorded && { recorded }) });
    },
    recorded(request, entries) {
      for (const { type, data } of entries)
        if (type === 'action-started') untried.add(actionKey(request.id, data.index));
      if (!isOver(request)) return;
      for (const index of request.actionRuns.keys()) untried.delete(actionKey(request.id, index));
    },
  };
}
