import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPagerDuty, type PagerDuty } from '../../sandbox/services/pagerduty/pagerduty.ts';
import { createQuickClock } from '../../test/contracts/strategies/subject-parts.ts';
import { directoryOf, serviceDesk, type ServiceDesk } from '../../test/service-directory.ts';
import { noIncident, type Incident } from '../domain/flow.ts';
import type { Unknown } from '../domain/facts.ts';
import { personId } from '../domain/names.ts';

const clock = createQuickClock();
const ann = 'PANN001';

let pagerDuty: PagerDuty;
beforeAll(async () => {
  pagerDuty = await startPagerDuty({ now: () => new Date(clock.now()) });
  const { state } = pagerDuty;
  state.tokens.add('key');
  state.users.push({ id: ann, name: 'Ann', email: 'ann@acme.com' });
  const common = { urgency: 'high', service: 'PSVC001' } as const;
  state.incidents.push(
    { ...common, id: 'PINC001', number: 11, status: 'triggered', assignees: [ann] },
    { ...common, id: 'PINC002', number: 12, status: 'acknowledged', assignees: ['PBOB001'] },
    { ...common, id: 'PINC003', number: 13, status: 'resolved', assignees: [] },
  );
});
afterAll(async () => {
  await pagerDuty.stop();
  expect(pagerDuty.strangers).toEqual([]);
});
beforeEach(() => pagerDuty.mishap(() => undefined));

async function find(
  id: string,
  { integration, ...overrides }: Partial<ServiceDesk> & { readonly integration?: string } = {},
): Promise<Incident | Unknown | undefined> {
  const directory = directoryOf({
    double: pagerDuty,
    clock,
    from: ['https://api.pagerduty.com'],
    secrets: { PAGERDUTY_TOKEN: { host: 'api.pagerduty.com', value: 'key' } },
    integrations: { pagerduty: { type: 'pagerduty', token: '${{ secrets.PAGERDUTY_TOKEN }}' } },
    ann: { accounts: { pagerduty: ann } },
    ...overrides,
  });
  const question = { person: personId('ann'), id, ...(integration !== undefined && { integration }) };
  return directory.incident?.(serviceDesk, question);
}

test('is found by its id and by its number, with whose it is', async () => {
  const mine = { status: 'triggered', urgency: 'high', service: 'PSVC001', assignedToRequester: true };
  expect(await find('PINC001')).toEqual(mine);
  expect(await find('11')).toEqual(mine);
  expect(await find('PINC002')).toMatchObject({ status: 'acknowledged', assignedToRequester: false });
  expect(await find('PINC003')).toMatchObject({ status: 'resolved', assignedToRequester: false });
});

test('is nobody’s where the requester has no account there', async () => {
  expect(await find('PINC001', { ann: {} })).toMatchObject({ assignedToRequester: false });
  const byEmail = { ann: { email: 'ann@acme.com' }, trustedDomains: ['acme.com'] };
  expect(await find('PINC001', byEmail)).toMatchObject({ assignedToRequester: true });
});

test('is none where there is none', async () => {
  expect(await find('PNONE01')).toEqual(noIncident);
});

test('is unknown where PagerDuty does not answer, or no integration is declared', async () => {
  expect(await find('PINC001', { integrations: {} })).toEqual({
    unknown: 'The file countersign.yml declares no integration of type pagerduty.',
  });
  expect(await find('PINC001', { integration: 'other' })).toHaveProperty('unknown');
  expect(await find('PINC001', { integration: 'pagerduty' })).toMatchObject({ status: 'triggered' });
  pagerDuty.mishap(() => ({ status: 502 }));
  expect(await find('PINC001')).toEqual({ unknown: 'PagerDuty answered 502 to reading the incident.' });
});
