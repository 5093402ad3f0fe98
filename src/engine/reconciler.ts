// Pays what a request owes the world: access given and taken back, cards and notices. At least once, again until it is done.
import { hours, minutes } from '../domain/duration.ts';
import type { Grant } from '../domain/entries.ts';
import { requestId, type Milliseconds, type RequestId } from '../domain/names.ts';
import { outstanding, type Effect, type Marks } from '../domain/outstanding.ts';
import type { OwedNotice, Request } from '../domain/request.ts';
import { doorOf, onIssue, type Door } from '../domain/routes.ts';
import { isUnknown } from '../domain/facts.ts';
import { createActionRunner, type RunAction } from './action-runner.ts';
import { createBackOff } from './back-off.ts';
import { createCardPace } from './card-pace.ts';
import { describe, type Engine, type EngineParts } from './engine.ts';
import {
  Failure,
  type Actions,
  type HandedOver,
  type SettleCall,
  type Settled,
  type Stored,
} from './ports.ts';
import { createShownCards } from './shown-cards.ts';
import { createTurnstile } from './turnstile.ts';
import { unprovenSeq, viewOf } from './view.ts';

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
  /** Lets through one by one what calls the same resource. */
  inTurn<T>(grant: Grant, work: () => Promise<T>): Promise<T>;
  /** Has what goes with a grant that is there told. Throws `Failure`. */
  askHandedOver(request: Request & { readonly phase: ActivePhase }): Promise<HandedOver>;
}

/** Access is never held up by messages, by what runs after an approval or by code, nor the other way round; nor is any way of telling people by another. */
type Lane = 'access' | 'actions' | 'code' | Door;
const spoiltBookmark = 'spoilt cards';
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
  const resources = createTurnstile();
  const pace = createCardPace();
  const shownCards = createShownCards();
  /** Requests that owe something, as far as we have seen. */
  const owing = new Set<RequestId>();
  const running = new Map<string, Run>();
  /** Cards that somebody else changed or removed. */
  const spoilt = new Set<RequestId>();
  const aborted = new AbortController();
  const actionRunner = createActionRunner({ ...parts, engine, signal: aborted.signal });
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
      await noteUndelivered(id, { notice: 'card', to: effect.to }, { error: describe(error), retried: true });
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
    const marks = { ...marksOf(stored, spoilt.has(request.id)), ahead: shownCards.aheadOf(request.id) };
    return outstanding(request, marks, clock.now());
  }

  /**
   * A card that is there may wait a moment; what it waits for is told meanwhile. So does what failed lately, by itself:
   * what failed to be granted does not put off its being taken back, nor does one channel keep another from being told.
   */
  function isTimely(effect: Effect, { request }: Stored): boolean {
    if (backOff.isWaiting(keyOf(request.id, effect), clock.now())) return false;
    if (effect.type !== 'show-card' || effect.card === undefined || spoilt.has(request.id)) return true;
    return pace.allows(request, effect.to, clock.now());
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
        return startEscalation(request);
      case 'escalate-access':
        return resources.pass(resourceKey(effect.grant), () => escalate(request, effect.grant));
      case 'deescalate-access':
        return resources.pass(resourceKey(effect.grant), () =>
          deescalate(request, effect.grant, effect.sealed),
        );
      case 'run-action':
        return actionRunner.run(request.id, effect);
      case 'run-hook':
        return runHook(request, effect);
      case 'open-thread':
        return openThread(request);
      case 'show-card':
        return showCard(request, effect);
      case 'send-notice':
        return sendNotice(request, { notice: effect.notice, to: effect.to });
      default:
        return effect satisfies never;
    }
  }

  async function startEscalation(request: Request): Promise<void> {
    const recorded = await engine.submit(request.id, { type: 'start-escalation' });
    if (recorded?.request?.phase.status === 'approved')
      throw new Failure('What the account holds now could not be read.', { transient: true });
  }

  async function escalate({ id }: Request, grant: Grant): Promise<void> {
    // Whoever waited for the resource may have been ended, or be too late, by now.
    const stored = await store.load(id);
    if (stored?.request.phase.status !== 'escalating' || clock.now() >= grant.startBy) return;
    const wanted = [grant.wanted, ...(await stillWanted(grant, id)).map((other) => other.wanted)];
    const settled = await attempt({
      ...callFor(stored.request, grant),
      wanted,
      purpose: 'escalate',
      notAfter: grant.startBy,
    });
    if ('gaveUp' in settled) {
      await engine.submit(id, { type: 'note-escalation-failed', error: settled.gaveUp });
      return;
    }
    const { verified, recorded, sealed } = settled;
    const note = {
      type: 'note-escalated',
      verified,
      ...(recorded && { recorded }),
      ...(sealed !== undefined && { sealed }),
    } as const;
    await engine.submit(id, note);
  }

  async function askHandedOver(request: Request & { readonly phase: ActivePhase }): Promise<HandedOver> {
    const { grant, sealed, expiresAt } = request.phase;
    const others = await stillWanted(grant, request.id);
    return parts.access.handOver({
      ...callFor(request, grant),
      wanted: [grant.wanted, ...others.map(({ wanted }) => wanted)],
      ...(sealed !== undefined && { sealed }),
      ...(expiresAt && { notAfter: expiresAt }),
    });
  }

  async function deescalate({ id }: Request, grant: Grant, sealed: string | undefined): Promise<void> {
    const stored = await store.load(id);
    if (stored?.request.phase.status !== 'deescalating') return;
    const others = await stillWanted(grant, id);
    const call = {
      ...callFor(stored.request, grant),
      wanted: others.map(({ wanted }) => wanted),
      ...(stored.request.granted === undefined && { isUnseen: true as const }),
      ...(sealed !== undefined && { sealed }),
    };
    const { verified, holds } = await parts.access.settle({ ...call, purpose: 'deescalate' });
    await engine.submit(id, {
      type: 'note-deescalated',
      verified,
      holds,
      neededBy: others.map(({ request }) => request),
    });
  }

  /** A failure that will not go away is an answer; one that may is thrown, and tried again. */
  async function attempt(call: SettleCall): Promise<Settled | { readonly gaveUp: string }> {
    try {
      return await parts.access.settle(call);
    } catch (error) {
      if (error instanceof Failure && !error.transient) return { gaveUp: error.message };
      throw error;
    }
  }

  function callFor(
    { id, desk }: Request,
    { strategy, settings, resource, account, before, integration }: Grant,
  ): Omit<SettleCall, 'wanted' | 'purpose'> {
    const place = { strategy, settings, resource, account, before, ...(integration && { integration }) };
    return { request: id, desk, ...place, signal: aborted.signal };
  }

  /** The other live grants on the same resource that the ledger holds and that are not being taken back. */
  async function stillWanted(
    { resource, account }: Grant,
    except: RequestId,
  ): Promise<readonly { readonly request: RequestId; readonly wanted: string }[]> {
    const live = await store.live(resource, account);
    const others = await Promise.all(
      live.filter(({ request }) => request !== except).map(({ request }) => store.load(request)),
    );
    return others.flatMap((other) => {
      if (other === undefined) return [];
      const { id, phase } = other.request;
      const isWanted =
        phase.status === 'active' ||
        (phase.status === 'escalating' && other.committedSeq >= phase.startedSeq);
      return isWanted ? [{ request: id, wanted: phase.grant.wanted }] : [];
    });
  }

  async function runHook({ id, desk, flow }: Request, { owed, event, code }: RunHook): Promise<void> {
    const came = await parts.code.hook({ desk, flow, code, hook: owed.hook, event });
    if (isUnknown(came)) throw new Failure(came.unknown, { transient: true });
    await engine.submit(id, { type: 'note-hook', owed, came });
  }

  async function openThread(request: Request): Promise<void> {
    const thread = await parts.surface.openThread(request);
    await engine.submit(request.id, {
      type: 'note-notified',
      notice: 'thread',
      to: onIssue,
      thread,
      ref: `${thread.repository}#${thread.issue}`,
    });
  }

  async function showCard(request: Request, effect: ShowCard): Promise<void> {
    const { to, card: known, seq } = effect;
    const { id } = request;
    const wasSpoilt = spoilt.has(id);
    const seen = { request, seq, before: 0 };
    const latest = async (): Promise<Request> => {
      const stored = await store.load(id);
      if (stored === undefined) return request;
      seen.request = viewOf(stored);
      seen.before = stored.shownSeq;
      seen.seq = seen.request.visibleSeq;
      return seen.request;
    };
    try {
      const shown = await parts.surface.showCard(request, to, { known, latest });
      pace.shown(id, to, clock.now());
      spoilt.delete(id);
      if (shown.ref !== known?.ref)
        await engine.submit(id, { type: 'note-notified', notice: 'card', to, ...shown });
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      return noteUndelivered(id, { notice: 'card', to }, { error: error.message });
    }
    const all = shownCards.shown(seen.request, to, seen);
    if (all !== undefined) store.noteShown(id, all);
    if (wasSpoilt) await rememberSpoilt();
  }

  async function noteUndelivered(
    id: RequestId,
    { notice, to }: OwedNotice,
    { error, retried }: { readonly error: string; readonly retried?: true },
  ): Promise<void> {
    const how = { error, ...(retried && { retried }) };
    await engine.submit(id, { type: 'note-undelivered', notice, to, ...how });
    // Whoever is to be told next, if anybody, is told now.
    await engine.submit(id, { type: 'note-time' });
  }

  function rememberSpoilt(): Promise<void> {
    return store.setBookmark(spoiltBookmark, [...spoilt].join(' '));
  }

  async function sendNotice(request: Request, owed: OwedNotice): Promise<void> {
    try {
      const shown = await parts.surface.sendNotice(request, owed);
      await engine.submit(request.id, { type: 'note-notified', ...owed, ...shown });
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      await noteUndelivered(request.id, owed, { error: error.message });
    }
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
  }

  return {
    poke,
    async reshow(id) {
      spoilt.add(id);
      await rememberSpoilt();
      poke(id);
    },
    async start() {
      for (const id of await store.owing()) poke(id);
      const left = (await store.bookmark(spoiltBookmark)) ?? '';
      for (const id of left.split(' ').filter((word) => word !== '')) {
        spoilt.add(requestId(id));
        poke(requestId(id));
      }
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
    inTurn: (grant, work) => resources.pass(resourceKey(grant), work),
    askHandedOver,
  };
}

type ActivePhase = Extract<Request['phase'], { status: 'active' }>;
type RunHook = Extract<Effect, { type: 'run-hook' }>;
type ShowCard = Extract<Effect, { type: 'show-card' }>;

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

function resourceKey({ resource, account }: Grant): string {
  return `${resource} ${account}`;
}

function marksOf(stored: Stored, isSpoilt: boolean): Marks {
  const { committedSeq } = stored;
  const shownSeq = isSpoilt ? 0 : stored.shownSeq;
  const unproven = unprovenSeq(stored);
  return { committedSeq, shownSeq, ...(unproven !== undefined && { unproven }) };
}
