// Whether another flow grants the same thing: it can then be had by whichever of them asks less.
import type { Desk } from '../desk.ts';
import { filePlace, flowPlace, type Change } from './change.ts';
import { names } from './change-words.ts';
import { grantsOf, keyOf, type Grant, type TargetGrant } from './grants.ts';
import { usable } from './membership.ts';
import type { FlowPair, StandingGrant } from './pair-flows.ts';

export interface GrantingDesks {
  readonly before: Desk | undefined;
  readonly after: Desk;
  /** Of flows that are in neither. */
  readonly elsewhere: readonly StandingGrant[];
}

/** Another way to the same thing may be an easier one. What this very change takes away counts as well. */
export function waysToTheSame(
  pairs: readonly FlowPair[],
  { before, after, elsewhere }: GrantingDesks,
): readonly Change[] {
  const granted = pairs.map(({ name, ...flow }) => {
    const [was, is] = [usable(flow.before), usable(flow.after)];
    return { name, was: was ? grantsOf(was, before) : [], is: is ? grantsOf(is, after) : [] };
  });
  const index = createGrantIndex([
    ...granted.flatMap(({ name, was, is }) => [...was, ...is].map(({ grant }) => ({ flow: name, grant }))),
    ...elsewhere,
  ]);
  const found = granted.flatMap(({ name, was, is }) => {
    const had = new Set(was.map(({ grant }) => keyOf(grant)));
    const gained = is.filter(({ grant }) => !had.has(keyOf(grant)));
    return waysOf(name, gained, index);
  });
  return index.isSpent() ? [...found, notCompared()] : found;
}

/** In one sentence what the same flows grant. */
function waysOf(name: string, gained: readonly TargetGrant[], index: GrantIndex): readonly Change[] {
  const bySame = new Map<string, { readonly same: SameGrant; readonly targets: string[] }>();
  for (const { target, grant } of gained)
    for (const same of index.find(grant, name)) {
      const key = JSON.stringify(same);
      const known = bySame.get(key);
      if (known) known.targets.push(target);
      else bySame.set(key, { same, targets: [target] });
    }
  return [...bySame.values()].map(({ same, targets }) =>
    flowPlace(name).change('same-grant', 'easier', sentenceOf(name, targets, same), 'loud'),
  );
}

function sentenceOf(name: string, targets: readonly string[], { flows, isSure }: SameGrant): string {
  const isOne = targets.length === 1;
  const who = `The ${isOne ? 'target' : 'targets'} ${names(targets)} of ${name}`;
  const others = `${names(flows)} ${flows.length === 1 ? 'grants' : 'grant'}`;
  return isSure
    ? `${who} ${isOne ? 'grants' : 'grant'} what ${others} too: it can be had by what ${name} asks.`
    : `${who} may grant what ${others} too: they differ only in settings that one of them leaves out.`;
}

function notCompared(): Change {
  const sentence =
    'The targets differ in too many ways for each to be compared with all others: whether what is new grants what another flow grants too has to be looked at.';
  return filePlace('flows').change('same-grant', 'easier', sentence, 'loud');
}

export interface SameGrant {
  /** The first of them; the last word may be `others`. */
  readonly flows: readonly string[];
  /** Else they differ in what one of them leaves out, which may be what it is anyway. */
  readonly isSure: boolean;
}

export interface GrantIndex {
  find(grant: Grant, except: string): readonly SameGrant[];
  /** Whether it gave up: nobody makes it take as long as they like. */
  isSpent(): boolean;
}

/** Those with the same settings, whatever their values. */
interface Shape {
  readonly paths: ReadonlySet<string>;
  readonly members: { readonly flow: string; readonly values: ReadonlyMap<string, string> }[];
  /** By the paths that are looked at, then by the values there: the flows. */
  readonly byShared: Map<string, Map<string, Set<string>>>;
}

const mostSteps = 2_000_000;

export function createGrantIndex(all: readonly StandingGrant[]): GrantIndex {
  const exact = new Map<string, Set<string>>();
  const ways = new Map<string, Map<string, Shape>>();
  let left = mostSteps;
  for (const { flow, grant } of all) {
    put(exact, keyOf(grant), flow);
    const shapes = ways.get(grant.way) ?? new Map<string, Shape>();
    ways.set(grant.way, shapes);
    const key = shapeOf(grant);
    const shape: Shape = shapes.get(key) ?? {
      paths: new Set(grant.settings.map(([path]) => path)),
      members: [],
      byShared: new Map(),
    };
    shapes.set(key, shape);
    shape.members.push({ flow, values: new Map(grant.settings) });
  }

  /** What both say is the same, and they both say something. */
  function* likely(grant: Grant): Generator<ReadonlySet<string>> {
    const own = shapeOf(grant);
    for (const [key, shape] of ways.get(grant.way) ?? []) {
      if (key === own) continue;
      left -= 1 + grant.settings.length;
      if (left < 0) return;
      const shared = grant.settings.filter(([path]) => shape.paths.has(path));
      if (shared.length === 0) continue;
      const paths = shared.map(([path]) => path);
      const flows = sharing(shape, paths).get(JSON.stringify(shared.map(([, value]) => value)));
      if (flows) yield flows;
    }
  }

  function sharing({ byShared, members }: Shape, paths: readonly string[]): ReadonlyMap<string, Set<string>> {
    const key = JSON.stringify(paths);
    const known = byShared.get(key);
    if (known) return known;
    const made = new Map<string, Set<string>>();
    left -= members.length;
    if (left >= 0)
      for (const { flow, values } of members)
        put(made, JSON.stringify(paths.map((path) => values.get(path))), flow);
    byShared.set(key, made);
    return made;
  }

  return {
    find(grant, except) {
      const sure = firstOf([exact.get(keyOf(grant)) ?? new Set()], new Set([except]));
      const perhaps = firstOf(likely(grant), new Set([except, ...sure]));
      return [
        ...(sure.length > 0 ? [{ flows: sure, isSure: true }] : []),
        ...(perhaps.length > 0 ? [{ flows: perhaps, isSure: false }] : []),
      ];
    },
    isSpent: () => left < 0,
  };
}

function put(to: Map<string, Set<string>>, key: string, flow: string): void {
  const known = to.get(key);
  if (known) known.add(flow);
  else to.set(key, new Set([flow]));
}

function shapeOf({ settings }: Grant): string {
  return JSON.stringify(settings.map(([path]) => path));
}

const mostNamed = 6;

/** As many as are named. */
function firstOf(all: Iterable<ReadonlySet<string>>, except: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const flows of all)
    for (const flow of flows) {
      if (except.has(flow)) continue;
      if (found.size === mostNamed && !found.has(flow)) return [...found, 'others'];
      found.add(flow);
    }
  return [...found];
}
