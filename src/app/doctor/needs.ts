// What a desk's flows need of the operator: the second app, a sealing key.
import type { Desk } from '../../desk/desk.ts';
import { isBroken } from '../../desk/desk.ts';
import type { AccessOffer } from '../../domain/flow.ts';
import { strategies } from '../../strategies/index.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import type { Settings } from '../settings.ts';
import { failure, ok, type Finding } from './finding.ts';

interface Offer {
  readonly flow: string;
  readonly access: AccessOffer;
  readonly strategy: Strategy;
}

function offersOf({ flows }: Desk): readonly Offer[] {
  return [...flows].flatMap(([name, flow]) => {
    const access = isBroken(flow) ? undefined : flow.access;
    const strategy = strategies.find(({ type }) => type === access?.strategy.type);
    return access && strategy ? [{ flow: name, access, strategy }] : [];
  });
}

export interface GrantsNeeds {
  readonly flows: readonly string[];
  readonly organizations: readonly string[];
  readonly permissions: { readonly [name: string]: string };
}

/** As their pages in docs/strategies say it. */
const leastOf: { readonly [type: string]: GrantsNeeds['permissions'] } = {
  'github-repository-role': { administration: 'write', members: 'read' },
  'github-team': { members: 'write' },
};

/** Flows that start workflows once they are approved, and whose repositories those are in. */
function startersOf({ flows }: Desk): readonly { readonly flow: string; readonly owner: string }[] {
  return [...flows].flatMap(([name, flow]) =>
    (isBroken(flow) ? [] : (flow.actions ?? [])).flatMap(({ run, with: { workflow } }) =>
      run === 'github-workflow' && typeof workflow === 'string'
        ? [{ flow: name, owner: workflow.split('/')[0] ?? '' }]
        : [],
    ),
  );
}

/** The flows that act through the second app, where they do, and what they need there. */
export function grantsNeeds(desks: readonly Desk[]): GrantsNeeds {
  const starters = desks.flatMap(startersOf);
  const offers = desks.flatMap(offersOf).filter(({ strategy }) => strategy.service === 'GitHub');
  const named = offers.flatMap(({ access }) =>
    access.targets.flatMap(({ settings }) => {
      const { organization, owner } = settings;
      const place = typeof organization === 'string' ? organization : owner;
      return typeof place === 'string' && !place.includes('${{') ? [place] : [];
    }),
  );
  const types = new Set(offers.map(({ strategy }) => strategy.type));
  // The greater one last, so that it counts.
  const permissions = Object.assign(
    { metadata: 'read', ...(starters.length > 0 && { actions: 'write' }) },
    ...Object.keys(leastOf).flatMap((type) => (types.has(type) ? [leastOf[type]] : [])),
  );
  const flows = [...offers, ...starters].map(({ flow }) => flow);
  const organizations = [...named, ...starters.map(({ owner }) => owner)];
  return {
    flows: [...new Set(flows)],
    organizations: [...new Set(organizations)].sort(),
    permissions,
  };
}

export function sealingFindings(desk: Desk, { sealingKey }: Settings): readonly Finding[] {
  const sealing = offersOf(desk)
    .filter(({ strategy, access }) => access.targets.some(({ settings }) => strategy.seals?.(settings)))
    .map(({ flow }) => flow);
  if (sealing.length === 0) return [];
  return sealingKey === undefined
    ? [
        failure(
          `${sealing.join(', ')} cannot be granted without a sealing key`,
          'Set COUNTERSIGN_SEALING_KEY, and keep a copy of it: openssl rand -base64 32 makes one.',
        ),
      ]
    : [ok('there is a key for what has to be sealed')];
}
