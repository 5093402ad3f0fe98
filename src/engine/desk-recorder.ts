// Writes a desk's own stream: what was refused without becoming a request, and what happened to the desk itself.
import type { DeskEntry, DeskEntryOf, DeskEntryType, NewDeskEntry } from '../domain/desk-entries.ts';
import type { Speaker } from '../domain/entries.ts';
import { instant, type DeskId, type Instant } from '../domain/names.ts';
import type { RefusalCode } from '../domain/refusals.ts';
import { clip, safeWord } from '../domain/safe-word.ts';
import { createDeskWriter, startOfDay, type DeskWriterParts, type Past } from './desk-writer.ts';
import type { Change } from './ports/store.ts';

export interface DeskRecorder {
  /** An attempt that becomes no request; bounded. All of `also` is saved in any case, and with the entry if there is one. */
  refused(desk: DeskId, attempt: RefusedAttempt, also: Pick<Change, 'refuses'>): Promise<void>;
  /** The ledger is whole again. Once for each time that it was not. */
  healed(desk: DeskId, past: { readonly why: string; readonly since: Instant | undefined }): Promise<void>;
  /** These flows are broken at the head of the default branch. Each is recorded when it becomes so. */
  disabled(desk: DeskId, commit: string, flows: readonly DisabledFlow[]): Promise<void>;
}

export interface RefusedAttempt {
  readonly by: Speaker;
  /** As it was typed. */
  readonly flow: string;
  readonly code: RefusalCode;
}

/** A flow whose file is broken, by its first diagnostic. */
export interface DisabledFlow {
  readonly flow: string;
  readonly code: string;
  readonly line: number;
}

/** Of one type in one day: a stranger cannot fill the ledger. */
const maxPerDay = 200;
const longestName = 100;
const longestReason = 300;

type Say = (past: Past, now: Instant) => readonly NewDeskEntry[];

export function createDeskRecorder(parts: DeskWriterParts): DeskRecorder {
  const writer = createDeskWriter(parts);
  const { store } = parts;

  async function record(desk: DeskId, say: Say, also: Pick<Change, 'refuses'> = {}): Promise<void> {
    const said = await writer.write(desk, async (past, now) => ({ entries: say(past, now) }), also);
    if (said !== 'written') await store.save(also);
  }

  async function disabled(desk: DeskId, commit: string, flows: readonly DisabledFlow[]): Promise<void> {
    const known = ((await store.bookmark(disabledBookmark(desk))) ?? '').split('\n');
    const standing = flows.map(keyOfDisabled);
    if (standing.join('\n') === known.join('\n')) return;
    const added = flows.filter((flow) => !known.includes(keyOfDisabled(flow)));
    await record(desk, (past, now) => newlyDisabled(added, commit, past, now));
    await store.setBookmark(disabledBookmark(desk), standing.join('\n'));
  }

  return {
    disabled,
    refused: (desk, attempt, also) => record(desk, (past, now) => newRefusal(attempt, past, now), also),
    healed: (desk, { why, since }) => record(desk, (past, now) => newHealing(why, since ?? now, past, now)),
  };
}

/** Once a day for each account and reason. */
function newRefusal({ by, flow, code }: RefusedAttempt, past: Past, now: Instant): readonly NewDeskEntry[] {
  const today = ofType(past(startOfDay(now)), 'refused');
  const isKnown = today.some(
    (entry) => 'via' in entry.by && entry.by.via.account === by.via.account && entry.data.code === code,
  );
  if (isKnown || today.length >= maxPerDay) return [];
  return [{ type: 'refused', by, data: { command: 'request', flow: safeWord(flow, longestName), code } }];
}

function newHealing(why: string, since: Instant, past: Past, until: Instant): readonly NewDeskEntry[] {
  if (ofType(past(since), 'ledger-diverged').some(({ data }) => data.since === since)) return [];
  const data = { why: clip(why, longestReason), since, until };
  return [{ type: 'ledger-diverged', by: { system: 'committer' }, data }];
}

/** After a crash it may be said already, and not yet be known to be. */
function newlyDisabled(
  flows: readonly DisabledFlow[],
  commit: string,
  past: Past,
  now: Instant,
): readonly NewDeskEntry[] {
  const before = ofType(past(instant(0)), 'flow-disabled').map(({ data }) => data);
  const today = ofType(past(startOfDay(now)), 'flow-disabled').length;
  return flows
    .map(({ flow, code, line }) => ({ flow: safeWord(flow, longestName), commit, code, line }))
    .filter((one) => !before.some(({ flow, commit: at }) => flow === one.flow && at === one.commit))
    .slice(0, Math.max(0, maxPerDay - today))
    .map((data) => ({ type: 'flow-disabled', by: { system: 'reader' }, data }));
}

function ofType<T extends DeskEntryType>(entries: readonly DeskEntry[], type: T): readonly DeskEntryOf<T>[] {
  return entries.filter((entry): entry is DeskEntryOf<T> => entry.type === type);
}

/** A name may hold anything but a slash. */
function keyOfDisabled({ flow, code, line }: DisabledFlow): string {
  return JSON.stringify([flow, code, line]);
}

/** Which flows were last known to be broken, one a line. */
function disabledBookmark(desk: DeskId): string {
  return `disabled ${desk}`;
}
