// Which services the flows of a desk grant access in, and which of them somebody needs an account in: those of flows that they may ask for.
import { isBroken, type Desk } from '../../../desk/desk.ts';
import type { Unknown } from '../../../domain/facts.ts';
import type { Flow } from '../../../domain/flow.ts';
import type { Group } from '../../../domain/names.ts';
import { offeredBy, type Offered } from '../../../domain/offered-settings.ts';

export interface ServiceInUse {
  /** For people: `okta-group`, and by which integration where its name says more. */
  readonly label: string;
  /** One that is offered there, to look by. */
  readonly by: Offered;
  /** The same there, for whom they are. */
  readonly flows: readonly Flow[];
}

export interface ServicesInUse {
  readonly services: readonly ServiceInUse[];
  /** Nothing of theirs can be looked at, as a sentence each. */
  readonly unseen: readonly string[];
}

export function servicesInUse({ flows }: Pick<Desk, 'flows'>): ServicesInUse {
  const services = new Map<string, { label: string; by: Offered; flows: Flow[] }>();
  const unseen = new Map<string, string>();
  for (const flow of flows.values()) {
    if (isBroken(flow)) continue;
    for (const each of offeredBy(flow)) {
      const label = labelOf(flow);
      if ('why' in each) {
        unseen.set(label, `${each.flow}/${each.target} is not looked at. ${each.why}`);
        continue;
      }
      const key = `${label} ${String(each.settings['account'] ?? '')}`;
      const known = services.get(key) ?? { label, by: each, flows: [] };
      services.set(key, known);
      if (!known.flows.includes(flow)) known.flows.push(flow);
    }
  }
  const seen = new Set([...services.values()].map(({ label }) => label));
  return {
    services: [...services.values()],
    unseen: [...unseen].flatMap(([label, sentence]) => (seen.has(label) ? [] : [sentence])),
  };
}

function labelOf({ access }: Flow): string {
  const { type = '', integration } = access?.strategy ?? {};
  return integration === undefined ? type : `${type} (${integration})`;
}

/** `belongs`: whether the person does now. What cannot be told is looked at all the same. */
export async function servicesFor(
  services: readonly ServiceInUse[],
  belongs: (group: Group) => Promise<boolean | Unknown>,
): Promise<readonly ServiceInUse[]> {
  const known = new Map<Group, Promise<boolean | Unknown>>();
  const ask = (group: Group): Promise<boolean | Unknown> => {
    const answer = known.get(group) ?? belongs(group);
    known.set(group, answer);
    return answer;
  };
  const needed: ServiceInUse[] = [];
  for (const service of services) {
    const groups = [...new Set(service.flows.flatMap(({ requesters }) => requesters))];
    const answers = await Promise.all(groups.map(ask));
    if (answers.some((answer) => answer !== false)) needed.push(service);
  }
  return needed;
}
