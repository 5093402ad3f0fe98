// The last requests decided again under proposed flows: what would be otherwise, and where that cannot be told.
import type { Step } from '../../domain/flow.ts';
import type { RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import { isBroken, type Desk } from '../desk.ts';
import { names } from './change-words.ts';
import { stepWords } from './compare-approval.ts';
import { contentOf, isSame } from './compare-parts.ts';
import type { Doubts } from './replay-facts.ts';
import { isUntouched, replayUnder, type Outcome } from './replay-request.ts';

export const replayOutcomes = [
  'same',
  'now-automatic',
  'now-allowed',
  'asks-others',
  'now-refused',
  'cannot-tell',
] as const;
export type ReplayOutcome = (typeof replayOutcomes)[number];

export interface ReplayReport {
  /** Of flows that are there before or afterwards. */
  readonly total: number;
  readonly counts: { readonly [outcome in ReplayOutcome]: number };
  /** At most five of each, newest first; none of `same`. */
  readonly examples: { readonly [outcome in ReplayOutcome]: readonly ReplayExample[] };
}

export interface ReplayExample {
  readonly request: RequestId;
  readonly flow: string;
  /** Where it was talked about, if it had an issue of its own. */
  readonly issue?: number;
  /** Plain text, without anything that somebody typed into a form. */
  readonly sentence: string;
}

const maxExamples = 5;

/**
 * `before` is in force: whoever asked is taken to have been one of its requesters. What they asked for and the facts
 * that were recorded stay as they were; the flows, and whether the people are there, are those of each desk.
 */
export function replay({
  requests,
  before,
  after,
}: {
  readonly requests: readonly Request[];
  readonly before: Desk;
  readonly after: Desk;
}): ReplayReport {
  const counts = { ...none(0) };
  const examples = none<readonly ReplayExample[]>([]);
  const isFlowSame = sameFlows(before, after);
  let total = 0;
  for (const request of requests.toSorted((a, b) => (a.id < b.id ? 1 : -1))) {
    const { name } = request.flow;
    if (!before.flows.has(name) && !after.flows.has(name)) continue;
    // That nobody can ask at all is said as such, and once.
    if (after.closed !== undefined || isBrokenIn(after, name)) continue;
    total += 1;
    const { outcome, sentence } = isUntouched(request, { before, after, isFlowSame: isFlowSame(name) })
      ? unchanged
      : compare(request, before, after);
    counts[outcome] += 1;
    if (outcome === 'same' || examples[outcome].length >= maxExamples) continue;
    const { id, thread } = request;
    const example = { request: id, flow: name, ...(thread && { issue: thread.issue }), sentence };
    examples[outcome] = [...examples[outcome], example];
  }
  return { total, counts, examples };
}

function isBrokenIn({ flows }: Desk, name: string): boolean {
  const flow = flows.get(name);
  return flow !== undefined && isBroken(flow);
}

function none<T>(value: T): { [outcome in ReplayOutcome]: T } {
  return {
    same: value,
    'now-automatic': value,
    'now-allowed': value,
    'asks-others': value,
    'now-refused': value,
    'cannot-tell': value,
  };
}

/** Read once for each flow, however many its requests. Who is an admin is a part of what its conditions read. */
function sameFlows(before: Desk, after: Desk): (name: string) => boolean {
  const isRoundSame =
    before.closed === after.closed &&
    isSame(before.settings?.admins, after.settings?.admins, { isSet: true });
  const known = new Map<string, boolean>();
  const content = (desk: Desk, name: string): string => {
    const flow = desk.flows.get(name);
    return contentOf(flow && 'ref' in flow ? { ...flow, ref: name } : flow);
  };
  return (name) => {
    const same = known.get(name) ?? (isRoundSame && content(before, name) === content(after, name));
    known.set(name, same);
    return same;
  };
}

interface Compared {
  readonly outcome: ReplayOutcome;
  readonly sentence: string;
}

const unchanged: Compared = { outcome: 'same', sentence: '' };

/** So many conditions that cannot be told are tried both ways: 32 times at most. */
const maxDoubts = 5;

/** Certain only where it comes out the same whichever way the conditions go that cannot be told. */
function compare(request: Request, before: Desk, after: Desk): Compared {
  const doubted = new Map<string, string>();
  for (;;) {
    const results: Compared[] = [];
    const known = doubted.size;
    for (const assumed of assumptions([...doubted.keys()])) {
      const doubts: Doubts = { assumed, found: doubted, missed: [] };
      results.push(
        weigh(
          replayUnder(request, { desk: before, inForce: before }, doubts),
          replayUnder(request, { desk: after, inForce: before }, doubts),
        ),
      );
    }
    if (doubted.size > maxDoubts) return cannotTell([...doubted.values()]);
    if (doubted.size > known) continue;
    const [first, ...others] = results;
    return first && others.every((other) => isSame(other, first)) ? first : cannotTell([...doubted.values()]);
  }
}

function assumptions(sources: readonly string[]): readonly ReadonlyMap<string, boolean>[] {
  return sources.reduce<readonly ReadonlyMap<string, boolean>[]>(
    (all, source) =>
      all.flatMap((so) => [
        new Map([...so, [source, false] as const]),
        new Map([...so, [source, true] as const]),
      ]),
    [new Map()],
  );
}

function cannotTell(lacks: readonly string[]): Compared {
  return { outcome: 'cannot-tell', sentence: `It was not recorded ${names([...new Set(lacks)])}.` };
}

function weigh(before: Outcome, after: Outcome): Compared {
  if (before.is === 'unclear') return cannotTell([before.lacks]);
  if (after.is === 'unclear') return cannotTell([after.lacks]);
  const [wasNo, isNo] = [isNoAnswer(before), isNoAnswer(after)];
  if (wasNo && isNo) return unchanged;
  if (isNo) return { outcome: 'now-refused', sentence: `${now(after)}.` };
  if (after.is === 'automatic' && before.is !== 'automatic')
    return { outcome: 'now-automatic', sentence: `${now(after)}.` };
  if (wasNo) return { outcome: 'now-allowed', sentence: `${now(after)}; until now ${then(before)}.` };
  if (whoDecides(before) === whoDecides(after)) return unchanged;
  return { outcome: 'asks-others', sentence: `${now(after)}; until now ${then(before)}.` };
}

function isNoAnswer({ is }: Outcome): boolean {
  return is === 'refused' || is === 'denied';
}

/** Which rule stands for a step is not who decides. */
function whoDecides(outcome: Outcome): string {
  return outcome.is === 'asks'
    ? contentOf([outcome.steps.map(withoutRoutes), outcome.held], true)
    : outcome.is;
}

function now(outcome: Outcome): string {
  switch (outcome.is) {
    case 'automatic':
      return `It would be approved without a human, by ${rules(outcome.rules)}`;
    case 'asks':
      return `It would ask ${askWords(outcome)}`;
    case 'denied':
      return `The rule ${outcome.rule} would deny it`;
    case 'refused':
      return `It would be refused: ${outcome.why}`;
    case 'unclear':
      return `It was not recorded ${outcome.lacks}`;
    default:
      return outcome satisfies never;
  }
}

function then(outcome: Outcome): string {
  switch (outcome.is) {
    case 'automatic':
      return `it is approved without a human, by ${rules(outcome.rules)}`;
    case 'asks':
      return `it asks ${askWords(outcome)}`;
    case 'denied':
      return `the rule ${outcome.rule} denies it`;
    case 'refused':
      return `it is refused: ${outcome.why}`;
    case 'unclear':
      return `it was not recorded ${outcome.lacks}`;
    default:
      return outcome satisfies never;
  }
}

function rules(some: readonly string[]): string {
  return `${some.length === 1 ? 'the rule' : 'the rules'} ${names(some)}`;
}

function askWords({ steps, held }: Extract<Outcome, { is: 'asks' }>): string {
  const people = steps.length === 0 ? 'nobody' : steps.map(stepWords).join('; ');
  return held.length === 0 ? people : `${people}, held by ${rules(held)} that cannot be judged`;
}

/** Who is told is no matter of who decides. */
function withoutRoutes({ routes: _, ...step }: Step): Omit<Step, 'routes'> {
  return step;
}
