// Looks, again and again, at what can be wrong with a whole desk: its ledger, its safety, its files, the way out to GitHub.
import { parseLine } from '../domain/entry-line.ts';
import { minutes } from '../domain/duration.ts';
import { between, plus, type DeskId, type Instant, type Milliseconds } from '../domain/names.ts';
import type { ErrorChannel } from './error-channel.ts';
import type { Clock } from './ports/clock.ts';
import type { Flows } from './ports/flows.ts';
import type { Store } from './ports/store.ts';

export interface DeskWatch {
  /** Asks nobody but the store: as often as the bell rings. */
  look(): Promise<void>;
  /** Asks whether the desk is safe. Throws `Failure` where that cannot be had. */
  lookOutside(desk: DeskId): Promise<void>;
  /** As they were just read at the head of the default branch. */
  noteFiles(desk: DeskId, files: DeskFilesNow): void;
}

export interface DeskFilesNow {
  /** Why the desk takes no requests, and what is wrong with its first broken file. */
  readonly closed?: string;
  readonly disabled: readonly { readonly flow: string; readonly why: string }[];
}

export interface DeskWatchParts {
  readonly store: Pick<Store, 'cursor' | 'uncommitted'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly flows: Pick<Flows, 'risks'>;
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear' | 'standing'>;
  readonly desks: readonly DeskId[];
  /** How long what waits longest to leave for GitHub has waited. */
  readonly longestWait: () => Milliseconds;
}

/** A commit takes seconds. */
const ledgerPatience = minutes(10);
const queuePatience = minutes(5);

export function watchDesks({ store, clock, flows, errors, desks, longestWait }: DeskWatchParts): DeskWatch {
  /** The oldest that was waiting when it was last looked. */
  const waitedBefore = new Map<DeskId, Instant | undefined>();

  async function lookAtLedger(desk: DeskId): Promise<void> {
    const cursor = await store.cursor(desk);
    const why = cursor?.diverged;
    if (why === undefined) errors.clear(desk, 'ledger-diverged');
    else
      errors.raise(desk, {
        key: 'ledger-diverged',
        kind: 'ledger-diverged',
        what: why,
        ...(cursor?.divergedAt && { since: cursor.divergedAt }),
      });
    // Of a ledger that diverged nothing more is expected.
    const since = why === undefined ? await oldestWaiting(desk) : undefined;
    // After a sleep of the machine everything is late at once, and written a moment later: only what stays is behind.
    const isLasting = waitedBefore.get(desk) === since;
    waitedBefore.set(desk, since);
    if (since === undefined || between(since, clock.now()) < ledgerPatience || !isLasting)
      errors.clear(desk, 'ledger-behind');
    else
      errors.raise(desk, {
        key: 'ledger-behind',
        kind: 'ledger-behind',
        what: 'The oldest entry that the ledger lacks was recorded then; meanwhile nothing is granted and no decision is shown.',
        since,
      });
  }

  async function oldestWaiting(desk: DeskId): Promise<Instant | undefined> {
    const [oldest] = await store.uncommitted(desk, 1);
    const line = oldest?.lines[oldest.committed];
    const parsed = line === undefined ? undefined : parseLine(line);
    return parsed && 'entry' in parsed ? parsed.entry.at : undefined;
  }

  function lookAtQueue(): void {
    const waited = longestWait();
    for (const desk of desks)
      if (waited < queuePatience) errors.clear(desk, 'github-slow');
      else
        errors.raise(desk, {
          key: 'github-slow',
          kind: 'github-slow',
          what: 'More is written than GitHub’s limits let through: cards and notices are late. Access is taken back first.',
          since: plus(clock.now(), -waited),
        });
  }

  return {
    async look() {
      lookAtQueue();
      for (const desk of desks) await lookAtLedger(desk);
    },
    async lookOutside(desk) {
      const risks = await flows.risks(desk);
      if (risks.length === 0) return errors.clear(desk, 'desk-unsafe');
      errors.raise(desk, { key: 'desk-unsafe', kind: 'desk-unsafe', what: risks.join(' ') });
    },
    noteFiles(desk, { closed, disabled }) {
      errors.standing(
        desk,
        'flow ',
        disabled.map(({ flow, why }) => ({
          key: `flow ${flow}`,
          kind: 'flow-disabled',
          what: `${flow}: ${why}`,
          flow,
        })),
      );
      if (closed === undefined) errors.clear(desk, 'desk-closed');
      else errors.raise(desk, { key: 'desk-closed', kind: 'desk-closed', what: closed });
    },
  };
}
