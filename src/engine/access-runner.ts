// Carries out what a request owes its target: access given and taken back, one call at a time for one resource.
import type { Grant } from '../domain/entries.ts';
import type { RequestId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import type { Engine } from './engine.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl, HandedOver, SettleCall, Settled } from './ports/access.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import { createTurnstile } from './turnstile.ts';

/** Each throws what may be tried again. */
export interface AccessRunner {
  /** Has it decided, by what the account holds now, what is to be given. */
  start(request: Request): Promise<void>;
  give(request: Request, grant: Grant): Promise<void>;
  takeBack(request: Request, grant: Grant, sealed: string | undefined): Promise<void>;
  /** Lets through one by one what calls the same resource. */
  inTurn<T>(grant: Grant, work: () => Promise<T>): Promise<T>;
  /** Has what goes with a grant that is there told. Throws `Failure`. */
  askHandedOver(request: Request & { readonly phase: ActivePhase }): Promise<HandedOver>;
}

export interface AccessRunnerParts {
  readonly access: AccessControl;
  readonly store: Pick<Store, 'load' | 'live'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly engine: Pick<Engine, 'submit'>;
  readonly signal: AbortSignal;
}

type ActivePhase = Extract<Request['phase'], { status: 'active' }>;

export function createAccessRunner({
  access,
  store,
  clock,
  engine,
  signal,
}: AccessRunnerParts): AccessRunner {
  const resources = createTurnstile();
  const inTurn: AccessRunner['inTurn'] = ({ resource, account }, work) =>
    resources.pass(`${resource} ${account}`, work);

  async function start(request: Request): Promise<void> {
    const recorded = await engine.submit(request.id, { type: 'start-escalation' });
    if (recorded?.request?.phase.status === 'approved')
      throw new Failure('What the account holds now could not be read.', { transient: true });
  }

  async function give({ id }: Request, grant: Grant): Promise<void> {
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
    return access.handOver({
      ...callFor(request, grant),
      wanted: [grant.wanted, ...others.map(({ wanted }) => wanted)],
      ...(sealed !== undefined && { sealed }),
      ...(expiresAt && { notAfter: expiresAt }),
    });
  }

  async function takeBack({ id }: Request, grant: Grant, sealed: string | undefined): Promise<void> {
    const stored = await store.load(id);
    if (stored?.request.phase.status !== 'deescalating') return;
    const others = await stillWanted(grant, id);
    const call = {
      ...callFor(stored.request, grant),
      wanted: others.map(({ wanted }) => wanted),
      ...(stored.request.granted === undefined && { isUnseen: true as const }),
      ...(sealed !== undefined && { sealed }),
    };
    const { verified, holds } = await access.settle({ ...call, purpose: 'deescalate' });
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
      return await access.settle(call);
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
    return { request: id, desk, ...place, signal };
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

  return {
    start,
    give: (request, grant) => inTurn(grant, () => give(request, grant)),
    takeBack: (request, grant, sealed) => inTurn(grant, () => takeBack(request, grant, sealed)),
    inTurn,
    askHandedOver,
  };
}
