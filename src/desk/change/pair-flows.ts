// Which flow was which: by name, and where a file was renamed, by what it grants.
import type { Flow } from '../../domain/flow.ts';
import { isBroken, type BrokenFlow, type Desk } from '../desk.ts';
import { contentOf } from './compare-parts.ts';
import { grantsOf, keyOf, type Grant } from './grants.ts';

export interface FlowPair {
  /** As it is called afterwards; of a flow that is gone, as it was. */
  readonly name: string;
  readonly before?: Flow | BrokenFlow;
  readonly after?: Flow | BrokenFlow;
  /** What it was called. */
  readonly renamedFrom?: string;
}

/** By name, those that are gone last. */
export function pairFlows(before: Desk | undefined, after: Desk): readonly FlowPair[] {
  const was: Desk['flows'] = before?.flows ?? new Map();
  const gone = new Map([...was].filter(([name]) => !after.flows.has(name)));
  const likest = createLikest(gone, { before, after });
  const pairs = [...after.flows].map(([name, flow]): FlowPair => {
    const old = was.get(name);
    if (old) return { name, before: old, after: flow };
    const renamedFrom = isBroken(flow) ? undefined : likest(flow);
    const renamed = renamedFrom === undefined ? undefined : gone.get(renamedFrom);
    if (renamedFrom === undefined || renamed === undefined) return { name, after: flow };
    gone.delete(renamedFrom);
    return { name, before: renamed, after: flow, renamedFrom };
  });
  return [...pairs, ...[...gone].map(([name, flow]): FlowPair => ({ name, before: flow }))];
}

interface BothDesks {
  readonly before: Desk | undefined;
  readonly after: Desk;
}

/** Where more than these grant the same, that tells nothing of which it was. */
const mostAlike = 20;

/** Of what is still gone: by what it grants, or what it is called where it grants nothing. */
function createLikest(
  gone: ReadonlyMap<string, Flow | BrokenFlow>,
  { before, after }: BothDesks,
): (flow: Flow) => string | undefined {
  const byGrant = new Map<string, Set<string>>();
  const byLabel = new Map<string, Set<string>>();
  const steps = new Map<string, string>();
  for (const [name, flow] of gone) {
    if (isBroken(flow)) continue;
    for (const { grant } of grantsOf(flow, before)) put(byGrant, keyOf(grant), name);
    if (flow.label !== flow.ref.name) put(byLabel, flow.label, name);
    steps.set(name, contentOf(flow.approval.steps));
  }

  return (flow) => {
    const alike = new Map<string, number>();
    const count = (names: Set<string> | undefined, weight: number): void => {
      for (const name of stillGone(names)) alike.set(name, (alike.get(name) ?? 0) + weight);
    };
    for (const key of new Set(grantsOf(flow, after).map(({ grant }) => keyOf(grant))))
      count(byGrant.get(key), 4);
    count(byLabel.get(flow.label), 2);
    const own = contentOf(flow.approval.steps);
    const found = [...alike].map(([name, weight]) => ({
      name,
      weight: weight + (steps.get(name) === own ? 1 : 0),
    }));
    return found.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))[0]?.name;
  };

  function stillGone(names: Set<string> | undefined): readonly string[] {
    const some: string[] = [];
    for (const name of names ?? []) {
      if (gone.has(name)) some.push(name);
      else names?.delete(name);
      if (some.length === mostAlike) break;
    }
    return some;
  }
}

function put(to: Map<string, Set<string>>, key: string, name: string): void {
  to.set(key, (to.get(key) ?? new Set()).add(name));
}

/** Which flow grants a thing, however it is called there. */
export interface StandingGrant {
  readonly flow: string;
  readonly grant: Grant;
}

/** All that a desk grants. */
export function standingGrants(desk: Desk): readonly StandingGrant[] {
  return [...desk.flows].flatMap(([name, flow]) =>
    isBroken(flow) ? [] : grantsOf(flow, desk).map(({ grant }) => ({ flow: name, grant })),
  );
}
