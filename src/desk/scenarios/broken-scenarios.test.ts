// What people get wrong in scenarios, with the place and the code that they are told. `«` marks the place.
import { describe, expect, test } from 'vitest';
import { printDiagnostic } from '../diagnostic.ts';
import { readSample, sampleFiles } from '../sample-desk.ts';
import { runScenarios, type ScenarioReport } from './run-scenarios.ts';

const flow = `label: Sample
strategy: { type: github-team }
targets:
  prod: { settings: { organization: acme, team_slug: prod } }
  staging: { settings: { organization: acme, team_slug: staging } }
duration: { options: [30m, 1h] }
requesters: [team:acme/eng]
fields: { reason: { type: string } }
approval:
  steps:
    - { name: data-owner, approvers: [team:acme/data], notify: [slack-channel:data-access] }
    - { name: security, approvers: [team:acme/security], if: requester.belongs_to('team:acme/on-call') }
    - { name: customer, approvers: [guest:customer], if: fields.reason == 'theirs' }
allow_guests: true
rules:
  - { name: too-often, if: requester.requests('1d') > 3, deny: true }
`;

const approvalOnly = `requesters: [team:acme/eng]
approval: { steps: [{ name: data-owner, approvers: [team:acme/data] }] }
`;

const asked = 'request: { requester: ann, target: prod, fields: { reason: x } }';
const one = `scenarios:\n  - name: one\n    given: { ${asked} }\n`;
const given = (text: string): string => `given: { ${asked} }\n${one}    then:\n      - ${text}\n`;
const expects = (text: string): string => `${one}    expect: { ${text} }\n`;
const inGroups = (text: string): string => `given: { groups: { ${text} } }\n${one}`;
const inRequest = (text: string): string => `given:\n  request: { ${text} }\n${one}`;

type Row = readonly [what: string, code: string, text: string, suggestion?: string];

const yaml: readonly Row[] = [
  ['an empty file', 'file-empty', '«'],
  ['only null', 'file-empty', '«~\n'],
  ['a tab', 'yaml-tab', 'scenarios:\n«\t- name: one\n'],
  ['a doubled key', 'duplicate-key', `${one}«scenarios: []\n`],
  ['a text with a colon', 'colon-needs-quotes', 'scenarios:\n  - name: «one: two\n', 'name: "one: two"'],
];

const shape: readonly Row[] = [
  ['no scenarios', 'missing-key', `«given: { ${asked} }\n`],
  ['an empty list of scenarios', 'too-few', 'scenarios: «[]\n'],
  ['a scenario without a name', 'missing-key', 'scenarios:\n  - «expect: { status: active }\n'],
  ['a misspelt key', 'unknown-key', `«scenario: []\n${one}`, 'scenarios'],
  ['a misspelt key of an expectation', 'unknown-key', expects('«stauts: active'), 'status'],
  ['a status that does not exist', 'not-an-option', expects('status: «activ'), 'active'],
  ['a refusal that does not exist', 'not-an-option', expects('refused: «self-aproval'), 'self-approval'],
  ['a refusal that no scenario can meet', 'not-an-option', expects('refused: «desk-frozen')],
  ['an expectation of nothing', 'too-few', `${one}    expect: «{}\n`],
  ['one step that is no list', 'wrong-type', expects('asks: «security'), '[security]'],
  ['a step twice', 'repeated', expects('asks: [security, «security]')],
  ['a duration without a unit', 'bad-duration', expects('expires_in: "«30"')],
  ['a wait that is a number', 'bad-duration', given('wait: «30')],
  ['members that are no list', 'bad-value', inGroups('"team:acme/data": «bob')],
  ['a moment of somewhere', 'bad-value', inRequest('at: «2026-03-10 09:00')],
  [
    'an incident of no status',
    'not-an-option',
    `given: { incidents: { PINC001: { status: «opn } } }\n${one}`,
  ],
  [
    'an incident of a stranger',
    'unknown-person',
    `given: { incidents: { PINC001: { status: triggered, assigned_to: [«an] } } }\n${one}`,
    'ann',
  ],
  ['a negative count', 'too-small', `given: { history: { requests: «-1 } }\n${one}`],
  ['a role that nobody can take', 'not-an-option', given('{ approve: bob, as: «admn }'), 'admin'],
  [
    'too many scenarios',
    'too-many',
    `scenarios: «[${Array.from({ length: 101 }, (_, n) => `{ name: n${n} }`).join(', ')}]\n`,
  ],
  ['too many turns', 'too-many', `${one}    then: «[${'{ wait: 1m }, '.repeat(51)}]\n`],
];

const meaning: readonly Row[] = [
  ['nobody asks', 'scenario-requester', 'scenarios:\n  - name: «one\n'],
  ['a name twice', 'scenario-name', `${one}  - name: «one\n    given: { ${asked} }\n`],
  ['a requester who is nobody', 'unknown-person', inRequest('requester: «anne'), 'ann'],
  ['a member who is nobody', 'unknown-person', inGroups('"team:acme/data": [ann, «bop]'), 'bob'],
  ['an approver who is nobody', 'unknown-person', given('approve: «bop'), 'bob'],
  ['a guest in a group', 'scenario-guest', inGroups('"team:acme/data": [«gus]')],
  ['a group without a kind', 'group-form', inGroups('«acme/data: [bob]'), 'team:acme/data'],
  ['a group of no kind', 'group-kind', inGroups('"«group:acme/data": [bob]'), 'team:acme/data'],
  ['a member among guests', 'scenario-guest', inGroups('"guest:customer": [«bob]')],
  ['people of a manager', 'scenario-group', inGroups('"«manager:requester": [bob]')],
  ['people of somebody’s manager', 'scenario-group', inGroups('"«manager:ann": [bob]')],
  ['people of a person', 'scenario-group', inGroups('"«person:bob": [ann]')],
  ['people of the members', 'scenario-group', inGroups('"«role:member": [ann]')],
  ['a target that is not there', 'unknown-target', inRequest('target: «prd'), 'prod'],
  ['a duration that is not offered', 'duration-not-offered', inRequest('duration: «2h')],
  ['a field that is not there', 'unknown-field', inRequest('fields: { «raeson: x }'), 'reason'],
  ['a confirmation that is not asked', 'unknown-field', inRequest('fields: { «confirm: prod }')],
  ['30 February', 'scenario-time', inRequest('at: «2026-02-30T09:00:00Z')],
  ['hour 25', 'scenario-time', inRequest('at: «2026-02-20T25:00:00Z')],
  ['a step that is not there', 'unknown-step', expects('asks: [data-owner, «securty]'), 'security'],
  ['a step that nobody meets', 'unknown-step', expects('approved_by: { «data-ower: bob }'), 'data-owner'],
  [
    'a place where nobody is told',
    'unknown-destination',
    expects('tells: [«slack-channel:data-acces]'),
    'slack-channel:data-access',
  ],
  ['a rule that is not there', 'unknown-rule', expects('rules: [«to-often]'), 'too-often'],
  ['a denial by nobody', 'unknown-decider', expects('denied_by: «too-oftn'), 'too-often'],
  ['an approval by nobody', 'unknown-decider', expects('approved_by: { security: [ann, «bop] }'), 'bob'],
  ['a turn in which nothing happens', 'scenario-turn', given('«expect: { status: active }')],
  ['two things at once', 'scenario-turn', given('«{ approve: bob, deny: ann }')],
  ['a message of time', 'scenario-modifier', given('{ wait: 5m, «message: Slowly. }')],
  ['a denial for a while', 'scenario-modifier', given('{ deny: bob, «for: 5m }')],
  ['an admin who revokes', 'scenario-modifier', given('{ revoke: bob, «as: admin }')],
  ['an approval by so much', 'scenario-modifier', given('{ approve: bob, «by: 5m }')],
  ['two years', 'scenario-wait', given('wait: «730d'), '365d'],
  [
    'a mistake in the second',
    'unknown-person',
    `${one}${one.slice(11).replace('ann', '«an').replace('one', 'two')}`,
    'ann',
  ],
];

const ofApprovalOnly: readonly Row[] = [
  ['a target of a flow that grants nothing', 'approval-only', inRequest('requester: ann, «target: prod')],
  ['a duration of such a flow', 'approval-only', inRequest('requester: ann, «duration: 1h')],
];

describe.each([
  ['YAML', flow, yaml],
  ['the shape', flow, shape],
  ['what is named', flow, meaning],
  ['flows that grant nothing', approvalOnly, ofApprovalOnly],
] as const)('%s', (_, subject, rows) => {
  for (const [what, code, marked, suggestion] of rows)
    test(`tells where: ${what} (${code})`, () => {
      const at = marked.indexOf('«');
      const before = marked.slice(0, at);
      const { diagnostics, scenarios } = run({
        'flows/sample.yml': subject,
        'flows/sample.test.yml': before + marked.slice(at + 1),
      });
      expect(diagnostics.map(printDiagnostic).join('\n')).toMatch(/^\S+ [a-z-]+: [^\n]+/);
      expect(diagnostics.map(printDiagnostic).join('\n')).not.toMatch(/undefined|\[object|\/properties\//);
      expect({ ...diagnostics[0], sentence: '' }).toEqual({
        file: 'flows/sample.test.yml',
        line: before.split('\n').length,
        column: at - before.lastIndexOf('\n'),
        level: 'error',
        code,
        sentence: '',
        ...(suggestion !== undefined && { suggestion }),
      });
      expect(scenarios).toEqual([]);
    });
});

test('a group that the flow never asks for is told, and its scenarios are run', () => {
  const { diagnostics, scenarios } = run({
    'flows/sample.yml': flow,
    'flows/sample.test.yml': inGroups(
      '"team:acme/eng": [ann], "team:acme/dat": [bob], "team:acme/on-call": []',
    ),
  });
  expect(diagnostics.map(printDiagnostic)).toEqual([
    'flows/sample.test.yml:1:45 scenario-unused-group: Neither the flow nor its conditions ask for “team:acme/dat”. Did you mean `team:acme/data`?',
  ]);
  expect(diagnostics.map(({ level }) => level)).toEqual(['warning']);
  expect(scenarios.map(({ passed }) => passed)).toEqual([true]);
});

describe('a file of scenarios', () => {
  const only = (files: Readonly<Record<string, string>>): readonly string[] =>
    run(files).diagnostics.map(printDiagnostic);

  test('with the longer extension is not passed over in silence', () => {
    expect(only({ 'flows/sample.yml': flow, 'flows/sample.test.yaml': one })).toEqual([
      'flows/sample.test.yaml:1:1 scenarios-extension: Scenarios of the flow NAME stand in NAME.test.yml; rename this file, or they are never run. Did you mean `sample.test.yml`?',
    ]);
  });

  test('belongs to a flow', () => {
    expect(only({ 'flows/sample.yml': flow, 'flows/smple.test.yml': one })).toEqual([
      'flows/smple.test.yml:1:1 scenarios-without-flow: There is no flow “smple”, so that these scenarios test nothing. Did you mean `sample.test.yml`?',
    ]);
  });

  test.each([
    ['the flow “sample”', 'flows/sample.yml', 'label: 5\n'],
    ['people.yml', 'flows/people.yml', 'people: 5\n'],
    ['countersign.yml', 'flows/countersign.yml', 'version: 2\n'],
  ])('is not run while %s is broken, and says so once', (what, path, broken) => {
    expect(
      only({ 'flows/sample.yml': flow, 'flows/sample.test.yml': `${one}${one}`, [path]: broken }),
    ).toEqual([
      `flows/sample.test.yml:1:1 scenarios-not-run: These scenarios were not run: ${what} has mistakes of its own.`,
    ]);
  });
});

function run(files: Readonly<Record<string, string>>): ScenarioReport {
  const people = `${sampleFiles['flows/people.yml']}  gus: { name: Gus, role: guest }\n`;
  const all = { 'flows/people.yml': people, ...files };
  const bytes = Object.entries(all).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  return runScenarios(readSample(all), new Map(bytes));
}
