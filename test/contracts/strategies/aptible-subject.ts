// The Aptible strategy over the double of Aptible’s Auth API.
import {
  startAptible,
  type Aptible,
  type AptibleSettings,
} from '../../../sandbox/services/aptible/aptible.ts';
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject } from '../strategy.ts';
import { stopStrictly } from './onelogin-subject.ts';
import { ann, serviceParts, type ServiceParts, type ServiceWorld } from './service-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

export const aptibleIds = {
  organization: '0a000000-0000-4000-8000-000000000001',
  role: '0b000000-0000-4000-8000-000000000002',
  ann: '0c000000-0000-4000-8000-000000000003',
} as const;
export const aptibleRef = { type: 'aptible-role', integration: 'aptible' } as const;
export const aptibleTarget = { role_id: aptibleIds.role } as const;

const robot = { username: 'robot@acme.com', password: 'a long pass phrase' } as const;

export interface AptibleWorld {
  readonly aptible: Aptible;
  readonly service: ServiceParts;
}

export async function openAptible(
  settings: Partial<AptibleSettings> = {},
  overrides: Partial<ServiceWorld> = {},
): Promise<AptibleWorld> {
  const aptible = await startAptible({ ...robot, ...settings });
  const { organization, role, ann: annId } = aptibleIds;
  aptible.roles.set(role, { id: role, organization });
  aptible.users.set(annId, { id: annId, email: 'ann@acme.com', verified: true });
  const service = serviceParts({
    double: aptible.double,
    clock: createQuickClock(),
    from: ['https://auth.aptible.com'],
    secrets: { APTIBLE_PASSWORD: { host: 'auth.aptible.com', value: robot.password } },
    integration: { type: 'aptible', username: robot.username, password: '${{ secrets.APTIBLE_PASSWORD }}' },
    people: [{ ...ann, accounts: { aptible: annId } }],
    isRead: (path) => path === '/tokens',
    ...overrides,
  });
  return { aptible, service };
}

export async function aptibleSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { aptible, service } = await openAptible({}, around && { clock: around.clock });
  const { role, ann: annId } = aptibleIds;
  const mine = () => [...aptible.memberships.values()].filter(({ user }) => user === annId);
  return {
    ...waysBy(service.partsThrough),
    ref: aptibleRef,
    target: aptibleTarget,
    person: personId('ann'),
    readable: true,
    async holds() {
      return mine().length > 0 ? 'member' : 'none';
    },
    async give(holding) {
      for (const { id } of mine()) aptible.memberships.delete(id);
      if (holding === 'member') aptible.join(role, annId);
    },
    trouble: service.trouble,
    get writes() {
      return service.writes;
    },
    close: () => stopStrictly(aptible.double),
  };
}
