// The Okta strategy over the double of Okta.
import { startOkta, type Okta } from '../../../sandbox/services/okta/okta.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject } from '../strategy.ts';
import { ann, serviceParts, type ServiceParts } from './service-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

export const oktaIds = {
  group: '00g1emaKYZTWRYYRRTSK',
  ann: '00u1annXYZTWRYYRRTSK',
  domain: 'acme.okta.com',
} as const;

export const oktaTokenIntegration: Settings = {
  type: 'okta',
  domain: oktaIds.domain,
  token: '${{ secrets.OKTA_TOKEN }}',
};

export interface OktaWorld {
  readonly okta: Okta;
  readonly service: ServiceParts;
}

export async function openOkta(
  overrides: Partial<Parameters<typeof serviceParts>[0]> = {},
): Promise<OktaWorld> {
  const clock = overrides.clock ?? createQuickClock();
  const okta = await startOkta({ domain: oktaIds.domain, now: () => new Date(clock.now()) });
  const { users, groups, tokens } = okta.state;
  tokens.set('00abc-token', 'manage');
  groups.set(oktaIds.group, { id: oktaIds.group, type: 'OKTA_GROUP', name: 'Production' });
  users.set(oktaIds.ann, { id: oktaIds.ann, status: 'ACTIVE', login: 'ann', email: 'ann@acme.com' });
  const service = serviceParts({
    double: okta,
    clock,
    from: [`https://${oktaIds.domain}`],
    secrets: { OKTA_TOKEN: { host: oktaIds.domain, value: '00abc-token' } },
    integration: oktaTokenIntegration,
    people: [{ ...ann, accounts: { okta: oktaIds.ann } }],
    isRead: (path) => path === '/oauth2/v1/token',
    ...overrides,
  });
  return { okta, service };
}

export async function oktaSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const { okta, service } = await openOkta(around && { clock: around.clock });
  const ref = { type: 'okta-group', integration: 'okta' };
  const target = { group_id: oktaIds.group };
  return {
    ...waysBy(service.partsThrough),
    ref,
    target,
    person: personId('ann'),
    readable: true,
    async holds() {
      return okta.state.isMember(oktaIds.group, oktaIds.ann) ? 'member' : 'none';
    },
    async give(holding) {
      okta.state.setMember(oktaIds.group, oktaIds.ann, holding === 'member');
    },
    trouble: service.trouble,
    get writes() {
      return service.writes;
    },
    async close() {
      await okta.stop();
      if (okta.strangers.length > 0) throw new Error(`Okta has no such thing: ${okta.strangers.join(', ')}`);
    },
  };
}
