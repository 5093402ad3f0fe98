import { describe, expect, test } from 'vitest';
import type { Route } from '../../domain/flow.ts';
import { minutes } from '../../domain/duration.ts';
import { isBroken, type Desk } from '../desk.ts';
import { readSample, sampleFiles } from '../sample-desk.ts';

const settings: string = sampleFiles['flows/countersign.yml'];

function routesOf(step: string, { before = '', desk = settings } = {}): readonly Route[] | undefined {
  const read = readSample({
    'flows/countersign.yml': desk,
    'flows/sample.yml': `${before}requesters: [team:acme/eng]\napproval:\n  steps:\n    - { name: a, ${step} }\n`,
  });
  expect(read.diagnostics).toEqual([]);
  const flow = read.flows.get('sample');
  return flow && !isBroken(flow) ? flow.approval.steps[0]?.routes : undefined;
}

describe('who is told of a step', () => {
  test('is a list of routes, from one to the next', () => {
    expect(
      routesOf(`approvers: [team:acme/data], notify: [
        slack-channel:data-access, person:bob,
        { to: [slack-channel:T9CUST000/ext, manager:requester, origin], after: 15m },
        { to: [person:ann, person:bob], together: true },
        { to: email:security@acme.com, after: 1h }] `),
    ).toEqual([
      { to: ['slack-channel:data-access'] },
      { to: ['person:bob'] },
      { to: ['slack-channel:T9CUST000/ext', 'manager:requester', 'origin'], after: minutes(15) },
      { to: ['people:ann,bob'] },
      { to: ['email:security@acme.com'], after: minutes(60) },
    ]);
  });

  test('is nobody where nothing is written, except those who decide because they are in a channel', () => {
    expect(routesOf('approvers: [team:acme/data]')).toBeUndefined();
    expect(routesOf('approvers: [slack-channel:data, team:acme/data, slack-channel:C07MORE00]')).toEqual([
      { to: ['slack-channel:data', 'slack-channel:C07MORE00'] },
    ]);
  });

  test('is what is written innermost: step, environment, desk', () => {
    const desk = `${settings}notify: [slack-channel:all]\n`;
    const prod = desk.replace('danger: Careful. }', 'danger: Careful., notify: [slack-channel:prod] }');
    const step = 'approvers: [slack-channel:data]';
    expect(routesOf(step, { desk })).toEqual([{ to: ['slack-channel:all'] }]);
    expect(routesOf(step, { desk, before: 'environment: prod\n' })).toEqual([{ to: ['slack-channel:all'] }]);
    expect(routesOf(step, { desk: prod, before: 'environment: prod\n' })).toEqual([
      { to: ['slack-channel:prod'] },
    ]);
    expect(routesOf(step, { desk: prod })).toEqual([{ to: ['slack-channel:all'] }]);
    const own = `${step}, notify: [person:bob]`;
    expect(routesOf(own, { desk: prod, before: 'environment: prod\n' })).toEqual([{ to: ['person:bob'] }]);
  });

  test('is nobody where an empty list is written', () => {
    const desk = `${settings}notify: [slack-channel:all]\n`;
    const quiet = desk.replace('danger: Careful. }', 'danger: Careful., notify: [] }');
    expect(routesOf('approvers: [slack-channel:data], notify: []', { desk })).toBeUndefined();
    expect(
      routesOf('approvers: [team:acme/data]', { desk: quiet, before: 'environment: prod\n' }),
    ).toBeUndefined();
  });
});

describe('the settings', () => {
  const read = (text: string): Desk =>
    readSample({
      'flows/countersign.yml': `version: 1\nadmins: [role:member]\n${text}`,
      'flows/people.yml': 'people:\n  ann: { name: Ann }\n  cleo: { name: Cleo, role: guest }\n',
    });

  test('name the guests by workspace, user and person, narrowed by domains', () => {
    const { settings: compiled, diagnostics } = read(
      'guests: { customer: { label: Customer Inc., slack_workspaces: [T9CUST000], slack_users: [U07GUEST0, T8OTHER00/U08X00000], people: [cleo], emails: [Cleo@Customer.com], email_domains: [customer.com] } }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(compiled?.guests.get('customer')).toEqual({
      label: 'Customer Inc.',
      workspaces: ['T9CUST000'],
      users: [{ user: 'U07GUEST0' }, { workspace: 'T8OTHER00', user: 'U08X00000' }],
      people: ['cleo'],
      emails: ['cleo@customer.com'],
      emailDomains: ['customer.com'],
    });
  });

  test('name channels for errors, the own workspace, and when to warn', () => {
    const { settings: compiled } = read(
      'errors: slack-channel:errors\nslack: { workspace: T07ACME00 }\nenvironments: { prod: { errors: slack-channel:prod-errors }, test: {} }\ndefaults: { warn_before_expiry: 10m }\n',
    );
    expect(compiled).toMatchObject({ errors: 'slack-channel:errors', slack: { workspace: 'T07ACME00' } });
    expect(compiled?.environments.get('prod')?.errors).toBe('slack-channel:prod-errors');
    expect(compiled?.environments.get('test')).not.toHaveProperty('errors');
    expect(compiled?.defaults.warnBefore).toBe(minutes(10));
  });
});
