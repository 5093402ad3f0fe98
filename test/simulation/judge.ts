// The invariants of DESIGN.md, section 3, as seen from outside: by what the world, the ledger and people's eyes hold.
import type { Entry } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import { evolveAll, isSpeaker } from '../../src/domain/evolve.ts';
import { hashLine } from '../../src/domain/entry-line.ts';
import { between, type Instant } from '../../src/domain/names.ts';
import { provenBeforeShown } from '../../src/domain/outstanding.ts';
import type { Request } from '../../src/domain/request.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import { belonged, rank, type Town } from './town.ts';

export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';
}

export function broken(invariant: number, sentence: string): never {
  throw new BrokenInvariantError(`Invariant ${invariant}: ${sentence}`);
}

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
  const approvers = new Set<string>();
  const [first] = entries;
  for (const { by, type, data, at } of entries) {
    if (!isSpeaker(by)) continue;
    if (refs.has(by.via.ref))
      broken(6, `${by.via.ref} took effect twice, the second time as ${type} in ${path}.`);
    refs.add(by.via.ref);
    if (type !== 'approval-given') continue;
    if (by.person === null || approvers.has(by.person)) broken(5, `${by.via.name} counts twice in ${path}.`);
    approvers.add(by.person ?? '');
    if (first && isSpeaker(first.by) && first.by.person === by.person)
      broken(5, `${by.via.name} approved their own ${path}.`);
    const isEligible = data.eligible.every((step) =>
      belonged(town, by.person ?? '', groupOfStep[step] ?? '', by.at ?? at, at),
    );
    if (!isEligible) broken(8, `${by.via.name} did not belong to all of ${data.eligible.join()} in ${path}.`);
  }
}

const groupOfStep: { readonly [step: string]: string } = {
  data: 'team:acme/data',
  security: 'team:acme/security',
  platform: 'role:admin',
};

/** Before a strategy is called to grant: the ledger holds the decision and the start, and it is not too late (1, 2). */
export function checkBeforeGrant(
  branch: MemoryBranch,
  request: string,
  startBy: Instant,
  now: Instant,
): void {
  const types = branch.lines(request).map(typeOf);
  for (const type of ['approved', 'escalation-started'])
    if (!types.includes(type))
      broken(1, `A strategy is called for ${request}, and the ledger does not hold ${type}.`);
  if (types.includes('deescalation-started') || types.includes('denied'))
    broken(2, `A strategy grants ${request} after its end.`);
  if (now >= startBy) broken(2, `A strategy grants ${request} after start-by.`);
}

/** Before anybody sees it: the ledger holds what has to be proven (9). */
export function checkBeforeShown(branch: MemoryBranch, request: Request): void {
  const types = new Set(branch.lines(request.id).map(typeOf));
  const said: readonly string[] =
    request.phase.status === 'pending' ||
    request.phase.status === 'lapsed' ||
    request.phase.status === 'cancelled'
      ? []
      : request.phase.status === 'denied'
        ? ['denied']
        : request.granted
          ? ['approved', 'escalated']
          : ['approved'];
  for (const type of said)
    if (
      provenBeforeShown.has(type === 'denied' ? 'denied' : type === 'escalated' ? 'escalated' : 'approved') &&
      !types.has(type)
    )
      broken(9, `${request.id} is shown as ${request.phase.status}, and the ledger does not hold ${type}.`);
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
    if (rank(holds) < rank(phase.grant.wanted))
      broken(4, `${id} is active, and ${phase.grant.account} holds ${holds}.`);
  }
}
