// The engine's moving parts as one thing that can be started, rung and stopped.
import type { DeskId, Milliseconds, RequestId } from '../domain/names.ts';
import { createCommitter, type CommitterParts } from './committer.ts';
import { createDeskRecorder, type DisabledFlow } from './desk-recorder.ts';
import { explainNow } from './explain-now.ts';
import { createEngine, describe, type Listener } from './engine.ts';
import { createIdentityBook, type IdentityBook } from './identity-book.ts';
import { createLinkBook, type LinkBook } from './link-book.ts';
import type { Adoption, HandingOver, Overview, Reception } from './ports/reception.ts';
import type { Roster } from './ports/directory.ts';
import { createOverview } from './overview.ts';
import { createHandingOver } from './hand-over.ts';
import { createLeavers } from './leavers.ts';
import { createReconciler, type ReconcilerParts } from './reconciler.ts';
import { createSweep } from './sweep.ts';
import { viewOf } from './view.ts';

export interface HeartParts extends ReconcilerParts, Omit<CommitterParts, 'committed'> {
  readonly desks: readonly DeskId[];
  readonly roster: Roster;
  /** Told after each recording. */
  readonly recorded?: Listener['recorded'];
}

export interface Heart {
  readonly reception: Reception & Adoption & Overview & HandingOver;
  readonly links: LinkBook;
  readonly identities: IdentityBook;
  /** Takes up what an earlier life left behind. */
  start(): Promise<void>;
  /** The flows that are broken at the head of a desk's default branch: recorded as they become so. */
  noteDisabledFlows(desk: DeskId, commit: string, flows: readonly DisabledFlow[]): Promise<void>;
  /** The desk's files have changed: whoever is no longer among its people loses what they were given. */
  noteFiles(desk: DeskId): void;
  /** What the bell rings for, about once a second. */
  beat(): Promise<void>;
  /** Stops taking up work; what is under way may end within the time. */
  stop(grace: Milliseconds): Promise<void>;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

/** More links than any chain of commits and effects has. */
const idleRounds = 8;

export function createHeart(parts: HeartParts): Heart {
  const { store, clock, log, desks } = parts;
  const engine = createEngine(parts);
  const reconciler = createReconciler(parts, engine);
  const sweep = createSweep(parts, engine);
  const leavers = createLeavers(parts, engine);
  const recorder = createDeskRecorder(parts);
  const committer = createCommitter({ ...parts, committed: (requests) => requests.forEach(reconciler.poke) });
  engine.listen({
    recorded(request, entries) {
      parts.recorded?.(request, entries);
      committer.poke(request.desk);
      reconciler.poke(request.id);
    },
    deskRecorded: committer.poke,
  });

  const sweeping = new Set<Promise<void>>();

  async function beat(): Promise<void> {
    await engine.resume();
    look();
    leavers.wake(desks);
    reconciler.wake();
    committer.wake(desks);
  }

  /** Not waited for: a thread that GitHub does not let us read now must not keep any other deadline from being seen. */
  function look(): void {
    const run = sweep
      .run(clock.now())
      .catch((error: unknown) => log.error('What is due could not be looked up', { error: describe(error) }))
      .finally(() => sweeping.delete(run));
    sweeping.add(run);
  }

  return {
    links: createLinkBook({ ...parts, recorded: committer.poke }),
    identities: createIdentityBook({ ...parts, recorded: committer.poke }),
    reception: {
      accept: engine.accept,
      outcome: engine.outcome,
      requestOf: (thread) => store.byThread(thread),
      async view(id: RequestId) {
        const stored = await store.load(id);
        return stored && viewOf(stored);
      },
      why: (id, voice) => explainNow(id, voice, parts),
      reshow: reconciler.reshow,
      async glance(id) {
        return (await store.load(id))?.request;
      },
      async adopt(id, to, card) {
        await engine.submit(id, { type: 'note-notified', notice: 'card', to, ...card });
        await reconciler.reshow(id);
      },
      ...createHandingOver({
        ...parts,
        engine,
        ask: reconciler.access.askHandedOver,
        inTurn: reconciler.access.inTurn,
      }),
      ...createOverview(parts),
    },
    async start() {
      await reconciler.start();
      await beat();
    },
    async noteDisabledFlows(desk, commit, flows) {
      await recorder.disabled(desk, commit, flows);
      committer.poke(desk);
    },
    noteFiles: (desk) => void leavers.look(desk),
    beat: () =>
      beat().catch((error: unknown) => {
        log.error('The engine missed a beat', { error: describe(error) });
      }),
    async stop(grace) {
      await reconciler.stop(grace);
      // What is being decided is recorded first, and committed then.
      await engine.idle();
      await committer.flush(desks);
      committer.stop();
      await engine.idle();
    },
    async idle() {
      await Promise.all(sweeping);
      await leavers.idle();
      // What one of them ends may be another's beginning: a commit lets an effect go, whose outcome is committed.
      for (let round = 0; round < idleRounds; round += 1) {
        await engine.idle();
        await reconciler.idle();
        await committer.idle();
      }
    },
  };
}
