// Which flow was which: by name, and where a file was renamed, by what it grants.
import type { Flow } from '../../domain/flow.ts';
import { isBroken, type BrokenFlow, type Desk } from '../desk.ts';
import { contentOf } from './compare-parts.ts';

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
  const pairs = [...after.flows].map(([name, flow]): FlowPair => {
    const old = was.get(name);
    if (old) return { name, before: old, after: flow };
    const renamedFrom = isBroken(flow) ? undefined : likest(flow, gone, { before, after });
    const renamed = renamedFrom === undefined ? undefined : gone.get(renamedFrom);
    if (renamedFrom === undefined || renamed === undefined) return { name, after: flow };
    gone.delete(renamedFrom);
    return { name, before: renamed, after: flow, renamedFrom };
  });
  return [...pairs, ...[...gone].map(([name, flow]): FlowPair => ({ name, before: flow }))];
}

/** What it grants, or what it is called where it grants nothing. */
function likest(
  flow: Flow,
  gone: ReadonlyMap<string, Flow | BrokenFlow>,
  desks: BothDesks,
): string | undefined {
  const found = [...gone].flatMap(([name, old]) => {
    const alike = isBroken(old) ? 0 : likeness(old, flow, desks);
    return alike > 0 ? [{ name, alike }] : [];
  });
  return found.sort((a, b) => b.alike - a.alike || (a.name < b.name ? -1 : 1))[0]?.name;
}

interface BothDesks {
  readonly before: Desk | undefined;
  readonly after: Desk;
}

function likeness(before: Flow, after: Flow, desks: BothDesks): number {
  const was = new Set(grantsOf(before, desks.before).map(({ grant }) => grant));
  const shared = grantsOf(after, desks.after).filter(({ grant }) => was.has(grant)).length;
  const isCalledTheSame = before.label === after.label && before.label !== before.ref.name;
  const hasSameSteps = contentOf(before.approval.steps) === contentOf(after.approval.steps);
  return (
    4 * shared + (isCalledTheSame ? 2 : 0) + (shared === 0 && !isCalledTheSame ? 0 : hasSameSteps ? 1 : 0)
  );
}

/** Which flow grants a thing, however it is called there. */
export interface StandingGrant {
  readonly flow: string;
  readonly grant: string;
}

/** All that a desk grants. */
export function standingGrants(desk: Desk): readonly StandingGrant[] {
  return [...desk.flows].flatMap(([name, flow]) =>
    isBroken(flow) ? [] : grantsOf(flow, desk).map(({ grant }) => ({ flow: name, grant })),
  );
}

/** Each target by the very thing that it grants, whatever it is called, and whatever the integration is called. */
export function grantsOf(
  { access }: Flow,
  desk: Desk | undefined,
): readonly { readonly target: string; readonly grant: string }[] {
  if (access === undefined) return [];
  const { type, integration } = access.strategy;
  const through = integration === undefined ? undefined : desk?.settings?.integrations.get(integration);
  // With which secret it is reached does not make it another.
  const leads = Object.entries(through?.settings ?? {}).filter(
    ([, value]) => !contentOf(value).includes('secrets.'),
  );
  const way = contentOf([type, through ? leads.sort() : integration]);
  return access.targets.map(({ name, settings }) => ({ target: name, grant: way + contentOf(settings) }));
}
