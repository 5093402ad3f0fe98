// The desks that the operator lists, as they are now: read at the head of their default branch, kept by commit.
import type { Answers } from '../domain/facts.ts';
import type { Flow } from '../domain/flow.ts';
import type { DeskId, Milliseconds } from '../domain/names.ts';
import { clip } from '../domain/safe-word.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Flows } from '../engine/ports/flows.ts';
import type { Log } from '../engine/ports/log.ts';
import { isBroken, type Desk } from './desk.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { DeskFiles, DeskReader } from './desk-reader.ts';

/** Where a desk's files come from. Throws `Failure`. */
export interface DeskSource {
  /** Of the default branch, and of no other. */
  head(desk: DeskId): Promise<{ readonly commit: string; readonly branch: string }>;
  /** All files below `flows/` at that commit, by their path in the repository. */
  read(desk: DeskId, commit: string): Promise<DeskFiles>;
}

export interface Desks extends Omit<Flows, 'risks'> {
  /** Throws `Failure` where the source is out. */
  desk(id: DeskId): Promise<Desk>;
  /** As it was at a commit of its default branch: what a request is pinned to. Throws `Failure` where the source is out. */
  at(id: DeskId, commit: string): Promise<Desk>;
  /** A push was heard of: the next question looks at the head again. */
  invalidate(id: DeskId): void;
}

export interface DesksParts {
  readonly source: DeskSource;
  readonly reader: DeskReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when another commit is found at the head, and of the first. */
  readonly headChanged?: (id: DeskId, desk: Desk) => void;
  /** How long a head is believed where no push is heard of. */
  readonly headTtlMs?: Milliseconds;
  /** How many commits are kept, over all desks. */
  readonly keep?: number;
}

export function createDesks(parts: DesksParts): Desks {
  const commits = createCommits(parts);
  const heads = createHeads(parts);
  const newest = new Map<DeskId, { readonly turn: number; readonly commit: string }>();
  let turns = 0;

  async function desk(id: DeskId): Promise<Desk> {
    const turn = (turns += 1);
    const found = await commits.at(id, await heads.of(id));
    const before = newest.get(id);
    // A question that took long says nothing new to those that were asked after it.
    if (before && before.turn > turn) return found;
    newest.set(id, { turn, commit: found.commit });
    if (before?.commit !== found.commit) parts.headChanged?.(id, found);
    return found;
  }

  return {
    desk,
    at: commits.at,
    invalidate: heads.forget,
    current: async (id, name) => {
      try {
        return pick(await desk(id), name);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        parts.log.warn('desk cannot be read', { desk: id, transient: error.transient });
        return { missing: 'unavailable', why: 'the desk’s repository cannot be read at the moment' };
      }
    },
    list: async (id) => offered(await desk(id)),
  };
}

function pick(desk: Desk, name: string): Answers['flow'] {
  if (desk.closed !== undefined) return { missing: 'unavailable', why: desk.closed };
  const flow = desk.flows.get(name);
  if (flow === undefined) return { missing: 'unknown-flow', known: offered(desk).map(({ ref }) => ref.name) };
  return isBroken(flow) ? { missing: 'unavailable', why: broken(name, flow.broken) } : { flow };
}

const longestWhy = 300;

/** The first problem, and where it is: whoever asks hands it on to whoever can mend it. */
function broken(name: string, problems: readonly Diagnostic[]): string {
  // A key that is mistyped is also missing: where it stands is what helps.
  const first = problems.find(({ code }) => code !== 'missing-key') ?? problems[0];
  if (first === undefined) return `its file flows/${name}.yml is broken`;
  const { file, line, column, sentence } = first;
  return clip(`its file ${file} is broken in line ${line}, column ${column}: ${sentence}`, longestWhy);
}

/** The flows that nobody can ask for until their files are mended, each by its first diagnostic. */
export function disabledFlows(
  desk: Desk,
): readonly { readonly flow: string; readonly code: string; readonly line: number }[] {
  return [...desk.flows].flatMap(([flow, read]) => {
    const [first] = isBroken(read) ? read.broken : [];
    return first ? [{ flow, code: first.code, line: first.line }] : [];
  });
}

function offered(desk: Desk): readonly Flow[] {
  if (desk.closed !== undefined) return [];
  return [...desk.flows.values()].flatMap((flow) => (isBroken(flow) ? [] : [flow]));
}

interface Heads {
  of(id: DeskId): Promise<string>;
  forget(id: DeskId): void;
}

/** Believed for a moment. Questions that come together are asked once. */
function createHeads({ source, clock, headTtlMs = 30_000 }: DesksParts): Heads {
  const known = new Map<DeskId, { readonly head: Promise<string>; readonly until: number }>();
  return {
    forget: (id) => void known.delete(id),
    of: (id) => {
      const now = Date.parse(clock.now());
      const believed = known.get(id);
      if (believed && now < believed.until) return believed.head;
      const head = source.head(id).then(({ commit }) => commit);
      const entry = { head, until: now + headTtlMs };
      known.set(id, entry);
      head.catch(() => known.get(id) === entry && known.delete(id));
      return head;
    },
  };
}

interface Commits {
  at(id: DeskId, commit: string): Promise<Desk>;
}

/** A commit never changes, so it is read once; the one that was not asked for longest goes first. */
function createCommits({ source, reader, log, keep = 50 }: DesksParts): Commits {
  const kept = new Map<string, Promise<Desk>>();
  return {
    at: (id, commit) => {
      const key = `${id} ${commit}`;
      const desk = kept.get(key) ?? read(id, commit);
      kept.delete(key);
      kept.set(key, desk);
      desk.catch(() => kept.get(key) === desk && kept.delete(key));
      for (const oldest of kept.keys()) {
        if (kept.size <= keep) break;
        kept.delete(oldest);
      }
      return desk;
    },
  };

  async function read(id: DeskId, commit: string): Promise<Desk> {
    const desk = reader.readDesk(await source.read(id, commit), commit);
    for (const diagnostic of desk.diagnostics.slice(0, 20)) {
      const { file, line, code } = diagnostic;
      log.warn('desk file is broken', { desk: id, commit, file, line, code });
    }
    log.info('desk read', { desk: id, commit, flows: desk.flows.size, broken: desk.diagnostics.length });
    return desk;
  }
}
