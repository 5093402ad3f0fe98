// Appends to a desk's own stream: asked again where somebody else was first, one after the other within this process.
import type { DeskEntry, NewDeskEntry } from '../domain/desk-entries.ts';
import { parseDeskLine, sealDeskEntries } from '../domain/desk-entry-line.ts';
import { instant, type DeskId, type Instant } from '../domain/names.ts';
import { StaleChangeError, type Change, type DeskStream, type Store } from './ports/store.ts';
import type { Clock, Ids } from './ports/clock.ts';
import { createTurnstile } from './turnstile.ts';

/** Everything of the last months from this moment on, newest first. */
export type Past = (since: Instant) => readonly DeskEntry[];

export interface DeskSaying {
  /** None: there is nothing to say. */
  readonly entries: readonly NewDeskEntry[];
  /** What follows from them, given the entries as they will be. */
  readonly bookmark?: (entries: readonly DeskEntry[]) => NonNullable<NonNullable<Change['desk']>['bookmark']>;
}

export interface DeskWriter {
  /** `broken`: the stream may be what cannot be believed, and is not gone on with. */
  write(
    desk: DeskId,
    say: (past: Past, now: Instant) => Promise<DeskSaying>,
    also?: Pick<Change, 'refuses'>,
  ): Promise<'written' | 'nothing' | 'broken'>;
}

export interface DeskWriterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

const maxRaces = 5;

export function createDeskWriter({ store, clock, ids }: DeskWriterParts): DeskWriter {
  const turnstile = createTurnstile();

  const writeOnce: DeskWriter['write'] = async (desk, say, also) => {
    if ((await store.cursor(desk))?.isBroken) return 'broken';
    const [stream, now] = [await store.deskStream(desk), clock.now()];
    const { entries, bookmark } = await say((since) => entriesSince(stream, since), now);
    if (entries.length === 0) return 'nothing';
    const lines = sealDeskEntries(entries, { desk, after: stream?.end, at: now, mint: () => ids.mint(now) });
    const marked = bookmark?.(lines.map(({ entry }) => entry));
    const added = { desk, lines, afterSeq: stream?.end.seq ?? 0, ...(marked && { bookmark: marked }) };
    await store.save({ ...also, desk: added });
    return 'written';
  };

  return {
    write: (desk, say, also) =>
      turnstile.pass(desk, async () => {
        for (let races = 0; ; races += 1) {
          try {
            return await writeOnce(desk, say, also);
          } catch (error) {
            if (!(error instanceof StaleChangeError) || races >= maxRaces) throw error;
          }
        }
      }),
  };
}

export function startOfDay(now: Instant): Instant {
  return instant(Date.parse(`${now.slice(0, 10)}T00:00:00.000Z`));
}

function entriesSince(stream: DeskStream | undefined, since: Instant): readonly DeskEntry[] {
  const found: DeskEntry[] = [];
  for (const line of stream?.lines.toReversed() ?? []) {
    const parsed = parseDeskLine(line);
    if ('place' in parsed && parsed.place.lastAt < since) break;
    if (!('entry' in parsed)) continue;
    if (parsed.entry.at < since) break;
    found.push(parsed.entry);
  }
  return found;
}
