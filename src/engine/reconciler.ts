// Pays what a request owes the world: access given and taken back, cards and notices. At least once, again until it is done.
import { hours, minutes } from '../domain/duration.ts';
import type { Milliseconds, RequestId } from '../domain/names.ts';
import { outstanding, type Effect, type Marks } from '../domain/outstanding.ts';
import type { Request } from '../domain/request.ts';
import { doorOf, type Door } from '../domain/routes.ts';
import { isUnknown } from '../domain/facts.ts';
import { createAccessRunner, type AccessRunner } from './access-runner.ts';
import { createActionRunner, type RunAction } from './action-runner.ts';
import { createBackOff } from './back-off.ts';
import { describe, type Engine, type EngineParts } from './engine.ts';
import { createMessageRunner } from './message-runner.ts';
import { Failure } from './ports/failure.ts';
import type { Actions } from './ports/actions.ts';
import type { Stored } from './ports/store.ts';
import { unprovenSeq } from './view.ts';

export interface Reconciler {
  /** Looks at what this request owes now. */
  poke(id: RequestId): void;
  /** Shows the card again, although we think that it is as it should be. Durable when it resolves. */
  reshow(id: RequestId): Promise<void>;
  /** Takes up what an earlier life left behind. */
  start(): Promise<void>;
  /** Takes up everything that is still owed: after a start, and each time the bell rings. */
  wake(): void;
  /** Begins no new call; those under way may end within the time, then they are aborted. */
  stop(grace: Milliseconds): Promise<void>;
  idle(): Promise<void>;
  /** What calls for access that is there, in its turn. */
  readonly access: Pick<AccessRunner, 'inTurn' | 'askHandedOver'>;
}

/** Access is never held up by messages, by what runs after an approval or by code, nor the other way round; nor is any way of telling people by another. */
type Lane = 'access' | 'actions' | 'code' | Door;
const lanes: readonly Lane[] = ['access', 'actions', 'code', 'github', 'slack', 'email'];

/** How long a service may ask us to stay away: none may keep its own access from being taken back. */
const longestWish = (lane: Lane): Milliseconds => (lane === 'access' ? minutes(1) : hours(1));

/** After so many attempts in vain to tell somebody, others are told as well; it is still tried. */
const attemptsBeforeForwarding = 6;

/** Code that fails so often is given up: it has no say in what happened, and whoever runs the desk is told. */
const attemptsOfHooks = 3;

interface Run {
  /** Something was recorded meanwhile: look once more. */
  again: boolean;
  done: Promise<void>;
}

export interface ReconcilerParts extends EngineParts {
  readonly actions: Actions;
}

export function createReconciler(parts: ReconcilerParts, engine: Engine): Reconciler {
  const { store, clock, log } = parts;
  const backOff = createBackOff();
  /** Requests that owe something, as far as we have seen. */
  const owing = new Set<RequestId>();
  const running = new Map<string, Run>();
  const aborted = new AbortController();
  const accessRunner = createAccessRunner({ ...parts, engine, signal: aborted.signal });
  const actionRunner = createActionRunner({ ...parts, engine, signal: aborted.signal });
  const messages = createMessageRunner({ ...parts, engine });
  engine.listen({ recorded: actionRunner.recorded, deskRecorded: () => undefined });
  let isStopping = false;

  function poke(id: RequestId): void {
    owing.add(id);
    for (const lane of lanes) start(id, lane);
  }

  function start(id: RequestId, lane: Lane): void {
    const key = `${id} ${lane}`;
    const present = running.get(key);
    if (present) present.again = true;
    if (present || isStopping) return;
    const run: Run = { again: false, done: Promise.resolve() };
    running.set(key, run);
    run.done = payAll(id, lane, run)
      .catch((error: unknown) =>
        log.error('What is owed could not be looked up', { request: id, lane, error: describe(error) }),
      )
      .finally(() => {
        running.delete(key);
        if (run.again) start(id, lane);
      });
  }

  async function payAll(id: RequestId, lane: Lane, run: Run): Promise<void> {
    while (!isStopping) {
      run.again = false;
      const stored = await store.load(id);
      const effects = stored ? effectsOf(stored) : [];
      const mine = effects.filter((each) => laneOf(each) === lane);
      const effect = stored && (await permitted(stored, mine)).find((each) => isTimely(each, stored));
      if (stored === undefined || effect === undefined) {
        // What owes nothing is not looked at again until something is recorded or committed: the bell passes it by.
        if (effects.length === 0 && !run.again) owing.delete(id);
        return;
      }
      try {
        await perform(effect, stored);
        backOff.succeeded(keyOf(id, effect));
      } catch (error) {
        await noteFailure(stored.request, lane, effect, error);
      }
    }
  }

  async function noteFailure({ id }: Request, lane: Lane, effect: Effect, error: unknown): Promise<void> {
    const wish = error instanceof Failure ? error.retryAfter : undefined;
    const atLeast = wish === undefined ? 0 : Math.min(wish, longestWish(lane));
    const attempts = backOff.failed(keyOf(id, effect), clock.now(), atLeast);
    log.warn('What is owed could not be done now', {
      request: id,
      effect: effect.type,
      attempts,
      error: describe(error),
    });
    if (effect.type === 'deescalate-access')
      await engine.submit(id, { type: 'note-deescalation-failed', error: describe(error), attempts });
    if (effect.type === 'run-action')
      await noteActionFailed(id, effect, { error: describe(error), attempts });
    if (effect.type === 'run-hook' && attempts >= attemptsOfHooks)
      await engine.submit(id, { type: 'note-hook', owed: effect.owed, came: { unknown: describe(error) } });
    if (effect.type === 'show-card' && effect.card === undefined && attempts >= attemptsBeforeForwarding)
      await messages.noteUndelivered(
        id,
        { notice: 'card', to: effect.to },
        { error: describe(error), retried: true },
      );
  }

  async function noteActionFailed(
    id: RequestId,
    { index }: RunAction,
    failed: { readonly error: string; readonly attempts: number },
  ): Promise<void> {
    await engine.submit(id, { type: 'note-action-failed', index, ...failed, gaveUp: false });
  }

  function effectsOf(stored: Stored): readonly Effect[] {
    const { request } = stored;
    const marks = {
      ...marksOf(stored, messages.isSpoilt(request.id)),
      ahead: messages.aheadOf(request.id),
    };
    return outstanding(request, marks, clock.now());
  }

  /**
   * What failed lately waits, by itself: what failed to be granted does not put off its being taken back, nor does one
   * channel keep another from being told.
   */
  function isTimely(effect: Effect, { request }: Stored): boolean {
    if (backOff.isWaiting(keyOf(request.id, effect), clock.now())) return false;
    return effect.type !== 'show-card' || messages.isTimely(request, effect);
  }

  /** A desk whose ledger diverged grants and runs nothing; it still owes it, for when the ledger is whole again. */
  async function permitted(stored: Stored, effects: readonly Effect[]): Promise<readonly Effect[]> {
    if (!effects.some(isGranting)) return effects;
    const cursor = await store.cursor(stored.request.desk);
    return cursor?.diverged === undefined ? effects : effects.filter((effect) => !isGranting(effect));
  }

  async function perform(effect: Effect, stored: Stored): Promise<void> {
    const { request } = stored;
    switch (effect.type) {
      case 'start-escalation':
        return accessRunner.start(request);
      case 'escalate-access':
        return accessRunner.give(request, effect.grant);
      case 'deescalate-access':
        return accessRunner.takeBack(request, effect.grant, effect.sealed);
      case 'run-action':
        return actionRunner.run(request.id, effect);
      case 'run-hook':
        return runHook(request, effect);
      case 'open-thread':
        return messages.openThread(request);
      case 'show-card':
        return messages.showCard(request, effect);
      case 'send-notice':
        return messages.sendNotice(request, { notice: effect.notice, to: effect.to });
      default:
        return effect satisfies never;
    }
  }

  async function runHook({ id, desk, flow }: Request, { owed, event, code }: RunHook): Promise<void> {
    const came = await parts.code.hook({ desk, flow, code, hook: owed.hook, event });
    if (isUnknown(came)) throw new Failure(came.unknown, { transient: true });
    await engine.submit(id, { type: 'note-hook', owed, came });
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
  }

  return {
    poke,
    async reshow(id) {
      await messages.spoil(id);
      poke(id);
    },
    async start() {
      for (const id of await store.owing()) poke(id);
      for (const id of await messages.recall()) poke(id);
    },
    wake() {
      for (const id of owing) for (const lane of lanes) start(id, lane);
    },
    async stop(grace) {
      isStopping = true;
      const enough = new AbortController();
      await Promise.race([idle(), clock.sleep(grace, enough.signal)]);
      enough.abort();
      aborted.abort();
      await idle();
    },
    idle,
    access: accessRunner,
  };
}

type RunHook = Extract<Effect, { type: 'run-hook' }>;

function laneOf(effect: Effect): Lane {
  switch (effect.type) {
    case 'start-escalation':
    case 'escalate-access':
    case 'deescalate-access':
      return 'access';
    case 'run-action':
      return 'actions';
    case 'run-hook':
      return 'code';
    case 'open-thread':
      return 'github';
    case 'show-card':
    case 'send-notice':
      return doorOf(effect.to);
    default:
      return effect satisfies never;
  }
}

/** What is put off together where it fails. */
function keyOf(id: RequestId, effect: Effect): string {
  if (effect.type === 'run-action') return effect.key;
  if (effect.type === 'run-hook') return `${id} ${effect.owed.hook} ${effect.owed.after}`;
  return 'to' in effect ? `${id} ${effect.type} ${effect.to}` : `${id} ${effect.type}`;
}

function isGranting({ type }: Effect): boolean {
  return type === 'start-escalation' || type === 'escalate-access' || type === 'run-action';
}

function marksOf(stored: Stored, isSpoilt: boolean): Marks {
  const { committedSeq } = stored;
  const shownSeq = isSpoilt ? 0 : stored.shownSeq;
  const unproven = unprovenSeq(stored);
  return { committedSeq, shownSeq, ...(unproven !== undefined && { unproven }) };
}
