import { describe, expect, test } from 'vitest';
import { noIncident, type Circumstances, type Condition, type Incident } from '../../domain/flow.ts';
import { isUnknown, type Unknown } from '../../domain/facts.ts';
import { instant, personId } from '../../domain/names.ts';
import { createReport, printDiagnostic } from '../diagnostic.ts';
import { createConditions } from './condition.ts';

const integrations = new Map([['pagerduty', { type: 'pagerduty' }]]);
const two = new Map([...integrations, ['pd-eu', { type: 'pagerduty' }]]);
const positions = {
  at: () => ({ line: 1, column: 1 }),
  locate: (_: string, __: string, offset = 0) => ({ line: 1, column: offset + 1 }),
  typed: () => undefined,
};

function compile(source: string, declared = integrations): Condition | readonly string[] {
  const report = createReport('a.yml', positions);
  const conditions = createConditions({
    fields: [
      { name: 'incident', type: 'string' },
      { name: 'several', type: 'string-list' },
    ],
    access: false,
    people: undefined,
    integrations: declared,
    conditions: 1,
  });
  const compiled = conditions.ofDecisions(source, { at: '' }, report);
  return compiled?.condition ?? report.diagnostics.map(printDiagnostic);
}

const said = (source: string, declared = integrations): string => {
  const compiled = compile(source, declared);
  if ('judge' in compiled) throw new Error('It should have been refused.');
  return compiled.join('\n');
};

const fire: Incident = {
  status: 'triggered',
  urgency: 'high',
  service: 'PSVC001',
  assignedToRequester: true,
};

function judge(source: string, typed: string, answer: Incident | Unknown = fire, declared = integrations) {
  const condition = compile(source, declared);
  if (!('judge' in condition)) throw new Error(condition.join('\n'));
  const asked: string[] = [];
  const circumstances: Circumstances = {
    source: 'github',
    at: instant(0),
    requester: personId('ann'),
    role: () => 'member',
    belongs: () => false,
    history: () => ({ requests: 0, granted: 0, denied: 0 }),
    incident: (id, integration) => {
      asked.push(integration === undefined ? id : `${integration}: ${id}`);
      return answer;
    },
  };
  const is = condition.judge({ fields: { incident: typed }, circumstances });
  return { is, asked };
}

test.each([
  ['incident(fields.incident).open', true],
  ["incident(fields.incident).status == 'triggered'", true],
  ["incident(fields['incident']).service == 'PSVC001'", true],
  ["incident(fields.incident).urgency == 'low'", false],
  ['incident(fields.incident).open && incident(fields.incident).assigned_to_requester', true],
])('%s', (source, is) => {
  expect(judge(source, 'PINC001').is).toBe(is);
});

test.each([
  ['PINC001', ['PINC001']],
  [' PINC001 ', ['PINC001']],
  ['#4711', ['4711']],
  ['https://acme.pagerduty.com/incidents/Q1KFBV4XHVSZ7W', ['Q1KFBV4XHVSZ7W']],
  ['https://acme.eu.pagerduty.com/incidents/Q1KFBV4XHVSZ7W', ['Q1KFBV4XHVSZ7W']],
  ['https://evil.example/incidents/PINC001', []],
  ["x').open", []],
  ['../users', []],
  ['', []],
])('“%s” is looked up as %j', (typed, asked) => {
  expect(judge('incident(fields.incident).open', typed)).toEqual({ is: asked.length > 0, asked });
});

test('one that is not there, or is over, is not open', () => {
  expect(judge('incident(fields.incident).open', 'PINC001', noIncident).is).toBe(false);
  expect(judge("incident(fields.incident).status == 'none'", '').is).toBe(true);
  const over = { ...fire, status: 'resolved' } as const;
  expect(judge('incident(fields.incident).open', 'PINC001', over).is).toBe(false);
});

test('cannot be judged while it cannot be looked up', () => {
  const { is } = judge('incident(fields.incident).open', 'PINC001', { unknown: 'PagerDuty is down' });
  expect(isUnknown(is) && is.unknown).toBe('PagerDuty is down');
});

test('is not looked up where the answer does not depend on it', () => {
  expect(judge("fields.incident == '' && incident(fields.incident).open", 'PINC001').asked).toEqual([]);
});

test('is asked by the integration that is named, where there are several', () => {
  const { asked } = judge("incident(fields.incident, 'pd-eu').open", 'PINC001', fire, two);
  expect(asked).toEqual(['pd-eu: PINC001']);
});

describe('refuses', () => {
  test.each([
    ['incident(fields.incident).opn', 'Did you mean `open`?'],
    ['incident(fields.incident) == incident(fields.incident)', 'one part is read'],
    ['fields.several.exists(x, incident(x).open)', 'must be a field'],
    ["incident(fields.incident + 'x').open", 'must be a field'],
    ["incident('PINC001').open", 'must be a field'],
    ['incident(fields.several).open', 'condition-type'],
    ['incident().open', 'condition-type'],
    ["incident(fields.incident).open == 'yes'", 'condition-type'],
    ["incident(fields.incident, 'pagerdutty').open", 'Did you mean `pagerduty`?'],
    ['incident(fields.incident, fields.incident).open', 'must be written out, in quotes'],
  ])('%s', (source, words) => {
    expect(said(source)).toContain(words);
  });

  test('one of several integrations that is not named, and one that is not declared', () => {
    expect(said('incident(fields.incident).open', two)).toContain("incident(fields.incident, 'pagerduty')");
    expect(said('incident(fields.incident).open', new Map())).toContain('no integration of type pagerduty');
  });
});
