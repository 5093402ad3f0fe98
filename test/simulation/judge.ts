// The invariants of DESIGN.md, section 3, as seen from outside: by what the world, the ledger and people's eyes hold.
import type { Entry } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import { evolveAll, isSpeaker } from '../../src/domain/evolve.ts';
import { hashLine } from '../../src/domain/entry-line.ts';
import type { Request } from '../../src/domain/request.ts';
import type { SettleCall } from '../../src/engine/ports/access.ts';
import { broken } from './broken.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import { rank, type Town } from './town.ts';

export interface LedgerFileRead {
  readonly request: Request;
  readonly entries: readonly Entry[];
  readonly lines: readonly string[];
}

/** Files as they were last read: most stay as they are from one look to the next. */
const known = new WeakMap<
  MemoryBranch,
  Map<string, { readonly content: string; readonly file: LedgerFileRead }>
>();

/** Every request in the ledger; its chain is checked on the way (7), and that nothing takes effect twice (6). */
export function readLedger(branch: MemoryBranch, town: Town): readonly LedgerFileRead[] {
  const before =
    known.get(branch) ?? new Map<string, { readonly content: string; readonly file: LedgerFileRead }>();
  known.set(branch, before);
  const refs = new Set<string>();
  return [...branch.files()]
    .filter(([path]) => path.startsWith('requests/'))
    .map(([path, content]) => {
      const same = before.get(path);
      const file = same?.content === content ? same.file : readFile(path, content);
      before.set(path, { content, file });
      checkRefs(path, file.entries, refs);
      checkLapsed(path, file.entries, town);
      return file;
    });
}

function readFile(path: string, content: string): LedgerFileRead {
  const lines = content.split('\n').filter((line) => line !== '');
  const read = lines.map((line) => {
    const parsed = parseLine(line);
    return 'entry' in parsed
      ? { entry: parsed.entry, line }
      : broken(7, `${path} has a line that is no entry.`);
  });
  checkChain(path, read);
  const request = evolveAll(read);
  const entries = read.map(({ entry }) => entry);
  return request ? { request, entries, lines } : broken(7, `${path} is empty.`);
}

function checkChain(path: string, read: readonly { readonly entry: Entry; readonly line: string }[]): void {
  for (const [index, { entry }] of read.entries()) {
    const previous = read[index - 1];
    if (entry.seq !== index + 1) broken(7, `${path} has a gap before entry ${entry.seq}.`);
    if (entry.prev !== (previous ? hashLine(previous.line) : null))
      broken(7, `${path} is not linked at ${entry.seq}.`);
    if (previous && entry.at < previous.entry.at) broken(7, `${path} goes back in time at ${entry.seq}.`);
  }
}

function checkRefs(path: string, entries: readonly Entry[], refs: Set<string>): void {
  for (const { by, type } of entries) {
    if (!isSpeaker(by)) continue;
    if (refs.has(by.via.ref))
      broken(6, `${by.via.ref} took effect twice, the second time as ${type} in ${path}.`);
    refs.add(by.via.ref);
  }
}

/** What lapsed was decided by nobody, not by somebody whom we did not hear (A3). What was edited is heard by its webhook alone. */
function checkLapsed(path: string, entries: readonly Entry[], town: Town): void {
  const [first] = entries;
  if (first?.type !== 'requested' || !entries.some(({ type }) => type === 'lapsed')) return;
  const edited = new Set(
    town.issues.flatMap(({ comments }) => comments.filter(({ isEdited }) => isEdited)).map(({ ref }) => ref),
  );
  for (const { by, type, data } of entries)
    if (
      type === 'refused' &&
      data.code === 'too-late' &&
      isSpeaker(by) &&
      !edited.has(by.via.ref) &&
      by.at !== undefined &&
      by.at <= first.data.lapseAt &&
      // Said while nothing was decided, answered so, and heard once more when it was too late.
      by.at > (town.turnedAway.get(by.via.name) ?? '')
    )
      broken(8, `${path} lapsed although ${by.via.name} had spoken in time.`);
}

/** Before a strategy is called to grant: the ledger holds the decision and the start, and the call knows its limit (1, 2). */
export function checkBeforeGrant(branch: MemoryBranch, { request, notAfter }: SettleCall): void {
  const entries = branch.lines(request).flatMap((line) => {
    const read = parseLine(line);
    return 'entry' in read ? [read.entry] : [];
  });
  const types = entries.map(({ type }) => type);
  if (!types.includes('approved'))
    broken(1, `A strategy is called for ${request}, and the ledger does not hold approved.`);
  const started = entries.find(({ type }) => type === 'escalation-started');
  if (started?.type !== 'escalation-started')
    return broken(1, `A strategy is called for ${request}, and the ledger does not hold escalation-started.`);
  if (notAfter !== started.data.grant.startBy)
    broken(2, `A strategy grants ${request} and is not told of start-by.`);
  if (types.includes('deescalated') || types.includes('denied'))
    broken(2, `A strategy grants ${request} after its end.`);
}

/** Before anybody sees it: the ledger holds what has to be proven (9). */
export function checkBeforeShown(branch: MemoryBranch, request: Request): void {
  const all = branch.lines(request.id).map(typeOf);
  const types = new Set(all);
  const extended = all.filter((type) => type === 'extended').length;
  if (extended < request.extensions.given)
    broken(9, `${request.id} is shown as extended, and the ledger does not hold that.`);
  for (const type of toBeProven(request))
    if (!types.has(type))
      broken(9, `${request.id} is shown as ${request.phase.status}, and the ledger does not hold ${type}.`);
}

function toBeProven({ phase, granted }: Request): readonly string[] {
  if (phase.status === 'pending' || phase.status === 'lapsed' || phase.status === 'cancelled') return [];
  if (phase.status === 'denied') return ['denied'];
  return granted ? ['approved', 'escalated'] : ['approved'];
}

function typeOf(line: string): string {
  const read = parseLine(line);
  return 'entry' in read ? read.entry.type : 'unreadable';
}

/** Access that we call active is there (2, 4). */
export function checkActive(town: Town, requests: readonly Request[]): void {
  for (const { phase, id, granted } of requests) {
    if (phase.status !== 'active') continue;
    // A revoke was obeyed before the ledger held it, and went with the disk: what is gone is not given a second time.
    const loss = town.lastLoss;
    const wasLost =
      loss !== undefined &&
      (granted?.since ?? loss.at) <= loss.at &&
      rank(loss.holdings.get(phase.grant.account) ?? 'none') < rank(phase.grant.wanted);
    if (wasLost) continue;
    const holds = town.holdings.get(phase.grant.account) ?? 'none';
    if ((phase.expiresAt ?? '') > (phase.grant.endBy ?? '')) broken(3, `${id} expires after its end-by.`);
    if (rank(holds) < rank(phase.grant.wanted))
      broken(4, `${id} is active, and ${phase.grant.account} holds ${holds}.`);
  }
}
