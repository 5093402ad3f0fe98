// With the store gone or damaged, everything that matters comes back from the ledger: open requests, live grants, deadlines.
import type { DeskId } from '../domain/names.ts';
import { rebuiltBookmark } from '../engine/engine.ts';
import type { Clock, Ledger, Log, Store } from '../engine/ports.ts';
import { rebuild as readLedger } from '../ledger/rebuild.ts';

export interface RebuildParts {
  readonly store: Store;
  /** Whether the store could not read all of itself. */
  readonly isDamaged: boolean;
  readonly ledger: (desk: DeskId) => Ledger;
  readonly desks: readonly DeskId[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Before the first command is taken. Throws `Failure` where the ledger cannot be read now: the start is tried again. */
export async function rebuild({ store, isDamaged, ledger, desks, clock, log }: RebuildParts): Promise<void> {
  for (const desk of desks) {
    const cursor = await store.cursor(desk);
    if (cursor !== undefined && !isDamaged) continue;
    const head = await ledger(desk).head();
    if (head === undefined) continue;
    const { count, problems } = await restoreAll(store, ledger(desk), head, desk, log);
    const [problem] = problems;
    await store.setBookmark(rebuiltBookmark(desk), clock.now());
    // Where the ledger itself is broken, nothing new is decided until somebody has looked; what was granted is taken back.
    await store.setCursor(desk, problem === undefined ? { head } : { head, diverged: problem });
    log.info('A desk was rebuilt from its ledger', { desk, requests: count, problems: problems.length });
  }
}

async function restoreAll(
  store: Store,
  ledger: Ledger,
  head: string,
  desk: DeskId,
  log: Log,
): Promise<{ readonly count: number; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  let count = 0;
  for await (const file of readLedger(ledger, head, desk)) {
    const sound = file.ok ? file : file.soundPart;
    if (!file.ok) {
      const { path, line, code, sentence } = file.problem;
      log.error('The ledger holds a file that cannot be believed', { desk, path, line, code });
      problems.push(`${path}:${line}: ${sentence}`);
    }
    if (sound === undefined) continue;
    const { request, lines, committedSeq } = sound;
    await store.restore({ request, lines, committedSeq, shownSeq: 0 });
    count += 1;
  }
  return { count, problems };
}
