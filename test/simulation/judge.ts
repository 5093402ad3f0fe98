// The invariants of DESIGN.md, section 3, as seen from outside: by what the world, the ledger and people's eyes hold.
import type { Entry, EntryOf, Speaker } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import { evolveAll, isSpeaker } from '../../src/domain/evolve.ts';
import { hashLine } from '../../src/domain/entry-line.ts';
import { between, plus, type Instant, type Milliseconds } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request.ts';
import type { SettleCall } from '../../src/engine/ports.ts';
import { broken } from './broken.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import { belonged, belongedAlways, rank, type Town } from './town.ts';

export interface LedgerFileRead {
  readonly request: Request;
  readonly entries: readonly Entry[];
  readonly lines: readonly string[];
}

/** Every request in the ledger; its chain is checked on the way (7), and what it says of people (5, 6, 8). */
export function readLedger(branch: MemoryBranch, town: Town): readonly LedgerFileRead[] {
  const refs = new Set<string>();
  return [...branch.files()]
    .filter(([path]) => path.startsWith('requests/'))
    .map(([path, content]) => {
      const lines = content.split('\n').filter((line) => line !== '');
      const read = lines.map((line) => {
        const parsed = parseLine(line);
        return 'entry' in parsed
          ? { entry: parsed.entry, line }
          : broken(7, `${path} has a line that is no entry.`);
      });
      checkChain(path, read);
      const entries = read.map(({ entry }) => entry);
      checkPeople(path, entries, town, refs);
      checkLapsed(path, entries, town);
      const request = evolveAll(read);
      return request ? { request, entries, lines } : broken(7, `${path} is empty.`);
    });
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

function checkPeople(path: string, entries: readonly Entry[], town: Town, refs: Set<string>): void {
  const [first] = entries;
  const given: EntryOf<'approval-given'>[] = [];
  for (const entry of entries) {
    const { by, type } = entry;
    if (!isSpeaker(by)) continue;
    if (refs.has(by.via.ref))
      broken(6, `${by.via.ref} took effect twice, the second time as ${type} in ${path}.`);
    refs.add(by.via.ref);
    if (type !== 'approval-given') continue;
    checkApproval(path, entry, by, [...(first ? [first] : []), ...given], town);
    given.push(entry);
  }
  checkApproved(path, entries, given, town);
}

/** Links and groups may change while a decision is being taken: only what was so all the time can be held against it. */
const inDoubt: Milliseconds = 120_000;

function checkApproval(
  path: string,
  { at, data }: EntryOf<'approval-given'>,
  by: Speaker,
  before: readonly Entry[],
  town: Town,
): void {
  const person = by.person ?? broken(5, `${by.via.name} decided in ${path} and is nobody.`);
  for (const earlier of before) {
    if (!isSpeaker(earlier.by)) continue;
    const isSame = belongedAlways(town, person, `account:${earlier.by.via.name}`, plus(at, -inDoubt), at);
    if (isSame) broken(5, `${by.via.name} is ${earlier.by.via.name}, who had spoken, and approved ${path}.`);
  }
  const from = by.at ?? at;
  if (!data.eligible.every((step) => belonged(town, person, groupOfStep[step] ?? '', from, at)))
    broken(8, `${by.via.name} did not belong to all of ${data.eligible.join()} in ${path}.`);
}

/** Approved is what every step was met for by people of its own, those that the flow has now included (5, 8). */
function checkApproved(
  path: string,
  entries: readonly Entry[],
  given: readonly EntryOf<'approval-given'>[],
  town: Town,
): void {
  const [first] = entries;
  const approved = entries.find(({ type }) => type === 'approved');
  if (first?.type !== 'requested' || approved === undefined) return;
  const places = first.data.policy.steps.reduce((sum, { count }) => sum + count, 0);
  if (given.length < places) broken(5, `${path} was approved by ${given.length} people, and asks ${places}.`);
  const isStrict = belongedAlways(
    town,
    'c2',
    `flow:${first.flow.name}`,
    plus(approved.at, -inDoubt),
    approved.at,
  );
  if (isStrict && !given.some(({ data }) => data.eligible.includes('platform')))
    broken(8, `${path} was approved without the step that its flow asks by now.`);
  for (const { by } of given)
    if (isSpeaker(by) && (by.at ?? approved.at) > first.data.lapseAt)
      broken(5, `${path} was approved after its deadline.`);
}

/** What lapsed was decided by nobody, not by somebody whom we did not hear (A3). What was edited is heard by its webhook alone. */
function checkLapsed(path: string, entries: readonly Entry[], town: Town): void {
  const [first] = entries;
  const edited = new Set(
    town.issues.flatMap(({ comments }) => comments.filter(({ isEdited }) => isEdited)).map(({ ref }) => ref),
  );
  if (first?.type !== 'requested' || !entries.some(({ type }) => type === 'lapsed')) return;
  for (const { by, type, data } of entries)
    if (
      type === 'refused' &&
      data.code === 'too-late' &&
      isSpeaker(by) &&
      !edited.has(by.via.ref) &&
      by.at !== undefined &&
      by.at <= first.data.lapseAt
    )
      broken(8, `${path} lapsed although ${by.via.name} had spoken in time.`);
}

const groupOfStep: { readonly [step: string]: string } = {
  data: 'team:acme/data',
  security: 'team:acme/security',
  platform: 'role:admin',
};

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
  const types = new Set(branch.lines(request.id).map(typeOf));
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

/** What is held beyond what was there before needs a grant that is in time, or an alarm that says it is not (3, 4). */
export function checkHoldings(town: Town, requests: readonly Request[], now: Instant, slackMs: number): void {
  for (const [account, level] of town.holdings) {
    const standing = town.standing.get(account) ?? 'none';
    if (rank(level) < rank(standing))
      broken(4, `${account} lost standing access: ${standing} is now ${level}.`);
    if (rank(level) === rank(standing)) continue;
    const grants = requests.flatMap(({ phase, notices, messages }) =>
      'grant' in phase && phase.grant.account === account ? [{ phase, notices, messages }] : [],
    );
    if (grants.length === 0) broken(3, `${account} holds ${level}, and no request accounts for it.`);
    const isLate = grants.every(
      ({ phase }) => phase.grant.endBy !== undefined && between(phase.grant.endBy, now) > slackMs,
    );
    const isSaid = grants.some(({ phase }) => phase.status === 'deescalating' && phase.alarms > 0);
    if (isLate && !isSaid) broken(3, `${account} holds ${level} long after end-by, and nobody was told.`);
  }
}

/** Access that we call active is there (2, 4). */
export function checkActive(town: Town, requests: readonly Request[]): void {
  for (const { phase, id } of requests) {
    if (phase.status !== 'active') continue;
    const holds = town.holdings.get(phase.grant.account) ?? 'none';
    if ((phase.expiresAt ?? '') > (phase.grant.endBy ?? '')) broken(3, `${id} expires after its end-by.`);
    if (rank(holds) < rank(phase.grant.wanted))
      broken(4, `${id} is active, and ${phase.grant.account} holds ${holds}.`);
  }
}
