import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPagerDuty, type PagerDuty } from '../../sandbox/services/pagerduty/pagerduty.ts';
import { belongsIn, type ServiceDesk } from '../../test/service-directory.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { instant } from '../domain/names.ts';

const ann = 'PANN001';
const bob = 'PBOB001';
const at = (time: string): string => `2026-11-20T${time}:00Z`;

let now = Date.parse(at('10:00'));
let pagerDuty: PagerDuty;
beforeEach(async () => {
  now = Date.parse(at('10:00'));
  pagerDuty = await startPagerDuty({ now: () => new Date(now) });
  const { state } = pagerDuty;
  state.tokens.add('key');
  state.users.push(
    { id: ann, name: 'Ann', email: 'Ann@acme.com' },
    { id: bob, name: 'B', email: 'b@acme.com' },
  );
  state.schedules.set('PDATA', [
    { user: ann, start: at('09:00'), end: at('17:00') },
    { user: bob, start: at('17:00'), end: at('23:00') },
  ]);
  state.policies.set('PPOLICY', [[{ schedule: 'PDATA' }], [{ user: bob }]]);
});
afterEach(async () => {
  await pagerDuty.stop();
  expect(pagerDuty.strangers).toEqual([]);
});

function belongs(where: string, overrides: Partial<ServiceDesk> = {}) {
  return belongsIn({
    double: pagerDuty,
    clock: { now: () => instant(now), sleep: () => new Promise(() => {}) },
    from: ['https://api.pagerduty.com'],
    secrets: { PAGERDUTY_TOKEN: { host: 'api.pagerduty.com', value: 'key' } },
    integrations: { pagerduty: { type: 'pagerduty', token: '${{ secrets.PAGERDUTY_TOKEN }}' } },
    ann: { accounts: { pagerduty: ann } },
    ...overrides,
  })(where);
}

describe('pagerduty-schedule', () => {
  test('is being on call by it at this very moment', async () => {
    expect(await belongs('pagerduty-schedule:PDATA')).toBe(true);
    now = Date.parse(at('18:00'));
    expect(await belongs('pagerduty-schedule:PDATA')).toBe(false);
  });

  test('is unknown where there is none of that id, for whoever has no account too', async () => {
    const unknown =
      'PagerDuty has no schedule PNOWHERE, or none that the API key of the integration may see.';
    expect(await belongs('pagerduty-schedule:PNOWHERE')).toEqual({ unknown });
    expect(await belongs('pagerduty-schedule:PNOWHERE', { ann: {} })).toEqual({ unknown });
  });

  test('is unknown where the schedule is part of no escalation policy, so that it puts nobody on call', async () => {
    pagerDuty.state.policies.clear();
    expect(await belongs('pagerduty-schedule:PDATA')).toEqual({
      unknown: 'The schedule PDATA is part of no escalation policy: PagerDuty puts nobody on call by it.',
    });
  });
});

describe('pagerduty-escalation-policy', () => {
  const annIsBob = { ann: { accounts: { pagerduty: bob } } };

  test('is being on call at any of its levels', async () => {
    expect(await belongs('pagerduty-escalation-policy:PPOLICY')).toBe(true);
    expect(await belongs('pagerduty-escalation-policy:PPOLICY', annIsBob)).toBe(true);
    now = Date.parse(at('18:00'));
    expect(await belongs('pagerduty-escalation-policy:PPOLICY')).toBe(false);
  });

  test('or at the one that stands behind the id', async () => {
    expect(await belongs('pagerduty-escalation-policy:PPOLICY/1')).toBe(true);
    expect(await belongs('pagerduty-escalation-policy:PPOLICY/1', annIsBob)).toBe(false);
    expect(await belongs('pagerduty-escalation-policy:PPOLICY/2')).toBe(false);
    expect(await belongs('pagerduty-escalation-policy:pagerduty/PPOLICY/2', annIsBob)).toBe(true);
  });

  test('is unknown where there is no such policy, or no such level', async () => {
    expect(await belongs('pagerduty-escalation-policy:PPOLICY/3')).toEqual({
      unknown: 'The escalation policy PPOLICY has no level 3.',
    });
    expect(await belongs('pagerduty-escalation-policy:PNOWHERE')).toHaveProperty('unknown');
  });

  test('is found on a later page', async () => {
    const { state } = pagerDuty;
    state.pageSize = 1;
    state.policies.set('PPOLICY', [[{ schedule: 'PDATA' }], [{ user: ann }], [{ user: ann }]]);
    expect(await belongs('pagerduty-escalation-policy:PPOLICY/3')).toBe(true);
  });
});

describe('whose account it is', () => {
  const schedule = 'pagerduty-schedule:PDATA';
  const byEmail = { ann: { email: 'ann@ACME.com' }, trustedDomains: ['acme.com'] };

  test('is found by the exact address, in whatever case', async () => {
    pagerDuty.state.users.unshift({ id: 'PJOANN1', name: 'Joann', email: 'joann@acme.com' });
    pagerDuty.state.pageSize = 1;
    expect(await belongs(schedule, byEmail)).toBe(true);
  });

  test('is nobody’s where the domain is not trusted, or the address is another', async () => {
    expect(await belongs(schedule, { ...byEmail, trustedDomains: [] })).toBe(false);
    expect(await belongs(schedule, { ...byEmail, ann: { email: 'nn@acme.com' } })).toBe(false);
  });
});

describe('when it cannot be asked', () => {
  const schedule = 'pagerduty-schedule:PDATA';

  test('it is unknown, and says what PagerDuty answered', async () => {
    pagerDuty.mishap(() => ({ status: 500 }));
    expect(await belongs(schedule)).toEqual({
      unknown: 'PagerDuty answered 500 to asking who is on call.',
    });
    pagerDuty.mishap(() => undefined);
    pagerDuty.state.limit = 0;
    expect(await belongs(schedule)).toEqual({
      unknown: 'PagerDuty answered 429 to asking who is on call.',
    });
  });

  test('it is unknown where the answer takes too long', async () => {
    pagerDuty.mishap(() => 'hang');
    const clock = createVirtualClock();
    const asked = belongs(schedule, { clock });
    await clock.advance(10_000);
    expect(await asked).toHaveProperty('unknown');
  });

  test('an account in Europe is asked in Europe, by a secret that is granted for there', async () => {
    const eu = { type: 'pagerduty', service_region: 'eu', token: '${{ secrets.PAGERDUTY_TOKEN }}' };
    expect(await belongs(schedule, { integrations: { eu } })).toEqual({
      unknown: expect.stringContaining('PAGERDUTY_TOKEN'),
    });
    expect(pagerDuty.asked).toEqual([]);
    expect(
      await belongs(schedule, {
        integrations: { eu },
        from: ['https://api.eu.pagerduty.com'],
        secrets: { PAGERDUTY_TOKEN: { host: 'api.eu.pagerduty.com', value: 'key' } },
      }),
    ).toBe(true);
  });
});
