// The OneLogin strategy over the double of OneLogin.
import {
  startOnelogin,
  type Onelogin,
  type OneloginSettings,
} from '../../../sandbox/services/onelogin/onelogin.ts';
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject } from '../strategy.ts';
import { ann, serviceParts, type ServiceParts, type ServiceWorld } from './service-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

export const oneloginIds = { host: 'acme.onelogin.com', role: 370_001, ann: 52_000_001 } as const;
export const oneloginRef = { type: 'onelogin-role', integration: 'onelogin' } as const;
export const oneloginTarget = { role_id: String(oneloginIds.role) } as const;

const credentials = { clientId: 'c0ffee', clientSecret: 's3cr3t' } as const;

export interface OneloginWorld {
  readonly onelogin: Onelogin;
  readonly service: ServiceParts;
}

export async function openOnelogin(
  settings: Partial<OneloginSettings> = {},
  overrides: Partial<ServiceWorld> = {},
): Promise<OneloginWorld> {
  const onelogin = await startOnelogin({ ...credentials, scope: 'Manage All', ...settings });
  onelogin.roles.set(oneloginIds.role, new Set());
  onelogin.users.set(oneloginIds.ann, { id: oneloginIds.ann, email: 'ann@acme.com', status: 1, state: 1 });
  const service = serviceParts({
    double: onelogin.double,
    clock: createQuickClock(),
    from: [`https://${oneloginIds.host}`],
    secrets: { ONELOGIN_SECRET: { host: oneloginIds.host, value: credentials.clientSecret } },
    integration: {
      ...{ type: 'onelogin', host: oneloginIds.host, client_id: credentials.clientId },
      client_secret: '${{ secrets.ONELOGIN_SECRET }}',
    },
    people: [{ ...ann, accounts: { onelogin: String(oneloginIds.ann) } }],
    isRead: (path) => path === '/auth/oauth2/v2/token',
    ...overrides,
  });
  return { onelogin, service };
}

export async function oneloginSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { onelogin, service } = await openOnelogin({}, around && { clock: around.clock });
  const members = onelogin.roles.get(oneloginIds.role) ?? new Set();
  return {
    ...waysBy(service.partsThrough),
    ref: oneloginRef,
    target: oneloginTarget,
    person: personId('ann'),
    readable: true,
    async holds() {
      return members.has(oneloginIds.ann) ? 'member' : 'none';
    },
    async give(holding) {
      if (holding === 'member') members.add(oneloginIds.ann);
      else members.delete(oneloginIds.ann);
    },
    trouble: service.trouble,
    get writes() {
      return service.writes;
    },
    close: () => stopStrictly(onelogin.double),
  };
}

/** What the service does not have, nobody may have asked for. */
export async function stopStrictly({
  stop,
  strangers,
}: {
  readonly stop: () => Promise<void>;
  readonly strangers: readonly string[];
}): Promise<void> {
  await stop();
  if (strangers.length > 0) throw new Error(`The service has no such thing: ${strangers.join(', ')}`);
}
