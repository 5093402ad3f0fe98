// Pays what a request owes the world: access given and taken back, cards and notices. At least once, again until it is done.
import { hours, minutes } from '../domain/duration.ts';
import type { Grant, Notice } from '../domain/entries.ts';
import { requestId, type Milliseconds, type RequestId } from '../domain/names.ts';
import { outstanding, type Effect, type Marks } from '../domain/outstanding.ts';
import type { Request } from '../domain/request.ts';
import { createBackOff } from './back-off.ts';
import { createCardPace } from './card-pace.ts';
import { describe, type Engine, type EngineParts } from './engine.ts';
import { Failure, type SettleCall, type Settled, type Stored } from './ports.ts';
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
}

/** Access is never held up by messages, nor the other way round. */
type Lane = 'access' | 'messages';
const spoiltBookmark = 'spoilt cards';
const lanes: readonly Lane[] = ['access', 'messages'];

/** How long a service may ask us to stay away: none may keep its own access from being taken back. */
const longestWish: { readonly [L in Lane]: Milliseconds } = { access: minutes(1), messages: hours(1) };

interface Run {
  /** Something was recorded meanwhile: look once more. */
  again: boolean;
  done: Promise<void>;
}

export function createReconciler(parts: EngineParts, engine: Engine): Reconciler {
  const { store, clock, log } = parts;
  const backOff = createBackOff();
  const resources = createTurnstile();
  const pace = createCardPace();
  /** Requests that owe something, as far as we have seen. */
  const owing = new Set<RequestId>();
  const running = new Map<string, Run>();
  /** Cards that somebody else changed or removed. */
  const spoilt = new Set<RequestId>();
  const aborted = new AbortController();
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
      const effect =
        stored &&
        (await permitted(stored, effects)).find((each) => laneOf(each) === lane && isTimely(each, stored));
      if (stored === undefined || effect === undefined) {
        // What owes nothing is not looked at again until something is recorded or committed: the bell passes it by.
        if (effects.length === 0 && !run.again) owing.delete(id);
        return;
      }
      // By effect: what failed to be granted does not put off its being taken back.
      const key = `${id} ${effect.type}`;
      if (backOff.isWaiting(key, clock.now())) return;
      try {
        await perform(effect, stored);
        backOff.succeeded(key);
      } catch (error) {
        await noteFailure(id, lane, effect, error);
        return;
      }
    }
  }

  async function noteFailure(id: RequestId, lane: Lane, effect: Effect, error: unknown): Promise<void> {
    const wish = error instanceof Failure ? error.retryAfter : undefined;
    const atLeast = wish === undefined ? 0 : Math.min(wish, longestWish[lane]);
    const attempts = backOff.failed(`${id} ${effect.type}`, clock.now(), atLeast);
    log.warn('What is owed could not be done now', {
      request: id,
      effect: effect.type,
      attempts,
      error: describe(error),
    });
    if (effect.type !== 'deescalate-access') return;
    await engine.submit(id, { type: 'note-deescalation-failed', error: describe(error), attempts });
  }

  function effectsOf(stored: Stored): readonly Effect[] {
    return outstanding(stored.request, marksOf(stored, spoilt.has(stored.request.id)), clock.now());
  }

  /** A card that is there may wait a moment; what it waits for is told meanwhile. */
  function isTimely(effect: Effect, { request }: Stored): boolean {
    if (effect.type !== 'show-card' || effect.ref === undefined || spoilt.has(request.id)) return true;
    return pace.allows(request, clock.now());
  }

  /** A desk whose ledger diverged grants nothing; it still owes it, for when the ledger is whole again. */
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
      case 'open-thread':
        return openThread(request);
      case 'show-card':
        return showCard(request, effect.ref, effect.seq);
      case 'send-notice':
        return sendNotice(request, effect.notice);
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

  async function deescalate({ id }: Request, grant: Grant, sealed: string | undefined): Promise<void> {
    const stored = await store.load(id);
    if (stored?.request.phase.status !== 'deescalating') return;
    const others = await stillWanted(grant, id);
    const call = {
      ...callFor(stored.request, grant),
      wanted: others.map(({ wanted }) => wanted),
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

  async function openThread(request: Request): Promise<void> {
    const thread = await parts.surface.openThread(request);
    await engine.submit(request.id, {
      type: 'note-notified',
      notice: 'thread',
      thread,
      ref: `${thread.repository}#${thread.issue}`,
    });
  }

  async function showCard(request: Request, ref: string | undefined, seq: number): Promise<void> {
    const { thread } = request;
    if (thread === undefined) return;
    const wasSpoilt = spoilt.has(request.id);
    let shownSeq = seq;
    const latest = async (): Promise<Request> => {
      const stored = await store.load(request.id);
      if (stored === undefined) return request;
      const view = viewOf(stored);
      shownSeq = view.visibleSeq;
      return view;
    };
    const shown = await parts.surface.showCard(request, thread, { ref, latest });
    pace.shown(request.id, clock.now());
    spoilt.delete(request.id);
    if (shown !== ref)
      await engine.submit(request.id, { type: 'note-notified', notice: 'card', thread, ref: shown });
    store.noteShown(request.id, shownSeq);
    if (wasSpoilt) await rememberSpoilt();
  }

  function rememberSpoilt(): Promise<void> {
    return store.setBookmark(spoiltBookmark, [...spoilt].join(' '));
  }

  async function sendNotice(request: Request, notice: Notice): Promise<void> {
    const { thread } = request;
    if (thread === undefined) return;
    try {
      const ref = await parts.surface.sendNotice(request, thread, notice);
      await engine.submit(request.id, { type: 'note-notified', notice, thread, ref });
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      await engine.submit(request.id, { type: 'note-undelivered', notice, error: error.message });
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
  };
}

function laneOf({ type }: Effect): Lane {
  return type === 'start-escalation' || type === 'escalate-access' || type === 'deescalate-access'
    ? 'access'
    : 'messages';
}

function isGranting({ type }: Effect): boolean {
  return type === 'start-escalation' || type === 'escalate-access';
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
