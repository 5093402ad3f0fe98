import { describe, expect, test } from 'vitest';
import { isUnknown } from '../../domain/facts.ts';
import type { Condition } from '../../domain/flow.ts';
import { isBroken, type Desk } from '../desk.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { readSample, sampleFiles } from '../sample-desk.ts';
import { runScenarios, type ScenarioReport } from './run-scenarios.ts';

const flow = `strategy: { type: github-team }
targets:
  prod: { settings: { organization: acme, team_slug: prod } }
duration: { options: [30m, 4h, until-revoked] }
extend: { max_total: 8h, times: 3 }
requesters: [team:acme/eng]
fields: { reason: { type: string } }
message: For \${{ fields.reason }}.
approval:
  steps:
    - { name: data, approvers: [team:acme/data] }
    - { name: security, approvers: [team:acme/security], if: fields.reason == 'everything' }
rules:
  - { name: on-call, if: requester.belongs_to('team:acme/on-call'), approve: [data], reason: They are on call. }
  - { name: weekend, if: "request.time.getDayOfWeek() in [0, 6]", deny: true, reason: Nobody is there. }
  - { name: often, if: requester.requests('1d') > 3, deny: true }
`;

const told = `requesters: [team:acme/eng]
fields: { reason: { type: string } }
approval:
  steps:
    - name: data
      approvers: [team:acme/data]
      notify: [slack-channel:data, { to: person:bob, after: 15m }, github]
    - name: manager
      needs: [data]
      approvers: [team:acme/leads]
      notify: [{ to: [person:ann, person:bob], together: true }, { to: origin, after: 1h }]
`;

const managed = `strategy: { type: github-team }
targets:
  prod: { settings: { organization: acme, team_slug: prod } }
duration: { options: [30m] }
requesters: [team:acme/eng, team:acme/data]
fields: { reason: { type: string } }
allow_guests: true
approval:
  steps:
    - { name: manager, approvers: [manager:requester] }
    - { name: customer, approvers: [guest:customer], needs: [manager], people_only: true }
`;

const peopleAndGuest = `people:
  ann: { name: Ann, manager: bob }
  bob: { name: Bob }
  max: { name: Max }
  cleo: { name: Cleo, role: guest }
`;

const world = `given:
  groups: { "team:acme/eng": [ann], "team:acme/data": [bob] }
  request: { requester: ann, fields: { reason: a look } }
`;

describe('a scenario', () => {
  test('sees the whole life of a request', () => {
    expect(
      failuresOf(`
  - name: all of it
    expect: { status: pending, asks: [data], rules: [], message: For a look., lapses_in: 1440m }
    then:
      - { approve: bob, expect: { status: active, approved_by: { data: bob }, expires_in: 30m, asks: [] } }
      - { wait: 10m, expect: { expires_in: 20m } }
      - { extend: ann, by: 1h, expect: { asks: [data], approved_by: { data: [] } } }
      - { approve: bob, expect: { expires_in: 80m } }
      - { wait: 80m, expect: { status: ended } }`),
    ).toEqual([]);
  });

  test('sees who is told, one after the other and by the steps that are asked', () => {
    expect(
      failuresOf(
        `
  - name: all who are told
    expect: { tells: [slack-channel:data] }
    then:
      - { wait: 10m, expect: { tells: [slack-channel:data] } }
      - { wait: 5m, expect: { tells: [slack-channel:data, person:bob] } }
      - { approve: bob, expect: { asks: [manager], tells: ["people:ann,bob"] } }
      - { approve: bob, expect: { refused: already-approved } }
      - { wait: 1h, expect: { tells: ["people:ann,bob", origin] } }
      - { deny: bob, expect: { tells: [] } }`,
        told,
      ),
    ).toEqual([]);
    const [failure] = failuresOf('\n  - { name: none, expect: { tells: [] } }', told);
    expect(failure).toContain('Who is told should be nobody, and is slack-channel:data.');
  });

  test('knows guests and managers', () => {
    const report = run(
      `
  - name: a manager, then the customer
    given: { groups: { "guest:customer": [cleo] } }
    expect: { asks: [manager] }
    then:
      - { approve: cleo, expect: { refused: not-yet-asked } }
      - { approve: bob, expect: { asks: [customer] } }
      - { approve: ann, expect: { refused: self-approval } }
      - { approve: max, expect: { refused: not-an-approver } }
      - { approve: cleo, expect: { status: active } }
  - name: guests who cannot be looked up
    given: { groups: { "guest:customer": unavailable } }
    then:
      - { approve: bob }
      - { approve: cleo, expect: { refused: lookup-failed } }
  - name: guests ask for nothing
    given: { groups: { "guest:customer": [cleo] }, request: { requester: cleo } }
    expect: { refused: not-a-requester }`,
      managed,
      { 'flows/people.yml': peopleAndGuest },
    );
    expect(report.scenarios.map(({ passed }) => passed)).toEqual([true, true, true]);
    expect(printed(report)).toEqual([]);
  });

  test('walks through each deadline on the way', () => {
    expect(
      failuresOf(`
  - name: a year
    then: [{ approve: bob }, { wait: 365d, expect: { status: ended } }, { wait: 365d }]
  - name: nobody
    then: [{ wait: 365d, expect: { status: lapsed } }]`),
    ).toEqual([]);
  });

  test('is hermetic: whoever is not named is in no group, and answers nothing', () => {
    expect(
      failuresOf(`
  - name: no engineers
    given: { groups: { "team:acme/eng": [] } }
    expect: { refused: not-a-requester }
  - name: no admins
    then: [{ approve: bob, as: admin, message: Please., expect: { refused: not-an-admin } }]
  - name: admins of the settings
    given: { groups: { "team:acme/platform": [bob], "team:acme/data": [] } }
    then: [{ approve: bob, as: admin, message: Please., expect: { status: active } }]
  - name: admins by name
    given: { groups: { "role:admin": [bob], "team:acme/data": [] } }
    then: [{ approve: bob, as: admin, message: Please., expect: { status: active } }]`),
    ).toEqual([]);
  });

  test('gives what cannot be looked up, what is held already and what cannot be given', () => {
    expect(
      failuresOf(`
  - name: GitHub is away
    given: { groups: { "team:acme/data": unavailable } }
    then: [{ approve: bob, expect: { refused: lookup-failed } }]
  - name: the history is away
    given: { history: unavailable }
    then: [{ approve: bob, expect: { refused: held-by-rule } }]
  - name: she has it
    given: { access: held }
    expect: { refused: already-held }
  - name: the team is gone
    given: { access: fails }
    then: [{ approve: bob, expect: { status: failed } }]`),
    ).toEqual([]);
  });

  test('gives incidents, and fails closed where they cannot be looked up', () => {
    const withIncident = `requesters: [team:acme/eng]
fields: { incident: { type: string, required: false }, reason: { type: string } }
approval: { steps: [{ name: data, approvers: [team:acme/data] }] }
rules:
  - name: on-it
    if: incident(fields.incident).open && incident(fields.incident).assigned_to_requester
    approve: [data]
  - { name: over, if: incident(fields.incident).status == 'resolved', deny: true }
`;
    const asks = 'request: { fields: { incident: PINC001 } }';
    const report = run(
      `
  - name: she is on it
    given: { ${asks}, incidents: { PINC001: { status: acknowledged, assigned_to: [ann] } } }
    expect: { status: approved, rules: [on-it], approved_by: { data: on-it } }
  - name: somebody else is
    given: { ${asks}, incidents: { PINC001: { status: acknowledged, assigned_to: [bob] } } }
    expect: { status: pending, rules: [] }
  - name: it is over
    given: { ${asks}, incidents: { PINC001: { status: resolved } } }
    expect: { status: denied, denied_by: over }
  - name: there is none
    given: { ${asks} }
    expect: { status: pending, rules: [] }
  - name: nobody answers
    given: { ${asks}, incidents: unavailable }
    expect: { status: pending, rules: [] }
    then: [{ approve: bob, expect: { refused: held-by-rule } }]
`,
      withIncident,
      {
        'flows/countersign.yml': `${sampleFiles['flows/countersign.yml']}`.replace(
          '  other: { type: http }',
          '  pagerduty: { type: pagerduty }',
        ),
      },
    );
    expect(printed(report)).toEqual([]);
    expect(report.scenarios).toHaveLength(5);
  });

  test('asks at a moment and in a place', () => {
    expect(
      failuresOf(
        `
  - name: on a Tuesday, where nothing else is said
    expect: { status: pending }
  - name: on a Sunday
    given: { request: { at: 2026-03-08T09:00:00Z } }
    expect: { status: denied, denied_by: weekend, reason: Nobody is there., rules: [weekend] }
  - name: on a page that the flow does not have
    given: { request: { source: web } }
    expect: { refused: wrong-source }`,
        `${flow}sources: [github]\n`,
      ),
    ).toEqual([]);
  });

  test('confirms where that is asked', () => {
    expect(
      failuresOf(
        `
  - name: nothing typed
    expect: { refused: invalid-form }
  - name: typed
    given: { request: { fields: { confirm: prod } } }
    expect: { status: pending }`,
        `${flow}confirm: typed\n`,
      ),
    ).toEqual([]);
  });

  test('replaces what the file gives, group by group and field by field', () => {
    expect(
      failuresOf(`
  - name: another approver, the same engineers
    given: { groups: { "team:acme/data": [ann] } }
    then: [{ approve: bob, expect: { refused: not-an-approver } }]
  - name: without an answer
    given: { request: { fields: { reason: null } } }
    expect: { refused: invalid-form }
  - name: another duration, the same reason
    given: { request: { duration: until-revoked } }
    then: [{ approve: bob, expect: { expires_in: until-revoked, message: For a look. } }]`),
    ).toEqual([]);
  });

  test('says what commands can say', () => {
    expect(
      failuresOf(`
  - name: less
    then: [{ approve: bob, for: 5m, expect: { expires_in: 5m } }, { revoke: bob, message: Enough., expect: { status: ended } }]
  - name: no
    then: [{ deny: bob, message: Not now., expect: { denied_by: bob, reason: Not now., status: denied } }]
  - name: never mind
    then: [{ cancel: ann, expect: { status: cancelled } }]
  - name: no more
    then: [{ approve: bob }, { extend: ann }, { deny: bob, message: Done., expect: { denied_by: bob, reason: Done., status: active } }]`),
    ).toEqual([]);
  });
});

describe('a failure says what was expected and what came', () => {
  test.each([
    ['status: active', 'The status should be active, and is pending.'],
    ['asks: []', 'What is asked now should be nothing, and is data.'],
    ['asks: [security]', 'What is asked now should be security, and is data.'],
    ['asks: [security, data]', 'What is asked now should be data and security, and is data.'],
    ['rules: [on-call]', 'What held of the rules should be on-call, and is none.'],
    ['approved_by: { data: on-call }', 'Who or what met data should be on-call, and is nobody.', '6:30'],
    ['denied_by: bob', 'Who or what denied it should be bob, and is nobody, since the request is pending.'],
    ['reason: No.', 'The reason of the denial should be “No.”, and is none, since the request is pending.'],
    [
      'expires_in: 30m',
      'The time until it expires should be 30m, and is none, since the request is pending.',
    ],
    ['lapses_in: 2h', 'The time until it lapses should be 2h, and is 1d.'],
    ['message: Hi., status: pending', 'The message on the card should be “Hi.”, and is “For a look.”.'],
    ['refused: too-late', 'It should be refused: too-late, and is accepted.'],
  ])('%s', (expected, sentence, place = '6:15') => {
    expect(failuresOf(`\n  - name: one\n    expect: { ${expected} }`)).toEqual([
      `${place} scenario-failed: ${sentence}`,
    ]);
  });

  test.each([
    [
      '{ approve: ann }',
      '7:11',
      'It should be accepted, and is refused: self-approval (This is your own request, and nobody decides on their own request).',
    ],
    [
      '{ approve: ann, expect: { refused: too-late } }',
      '7:35',
      'It should be refused: too-late, and is refused: self-approval (This is your own request, and nobody decides on their own request).',
    ],
    [
      '{ approve: bob, expect: { expires_in: 4h } }',
      '7:35',
      'The time until it expires should be 4h, and is 30m.',
    ],
    [
      '{ approve: bob, expect: { approved_by: { data: ann } } }',
      '7:50',
      'Who or what met data should be ann, and is bob.',
    ],
    ['{ deny: bob, expect: { denied_by: ann } }', '7:32', 'Who or what denied it should be ann, and is bob.'],
    [
      '{ wait: 25h, expect: { lapses_in: 1h } }',
      '7:32',
      'The time until it lapses should be 1h, and is none, since the request is lapsed.',
    ],
  ])('%s', (turn, place, sentence) => {
    expect(failuresOf(`\n  - name: one\n    then:\n      - ${turn}`)).toEqual([
      `${place} scenario-failed: ${sentence}`,
    ]);
  });

  test('a request that is refused where nobody expects it fails at the name', () => {
    expect(failuresOf('\n  - name: one\n    given: { request: { requester: bob } }')).toEqual([
      '5:5 scenario-failed: It should be accepted, and is refused: not-a-requester (“sample” can be asked for by the team acme/eng, and you are not among them).',
    ]);
  });

  test('after a refused request nothing more can happen', () => {
    expect(
      failuresOf(
        '\n  - name: one\n    given: { request: { requester: bob } }\n    expect: { refused: not-a-requester }\n    then: [{ approve: bob }]',
      ),
    ).toEqual(['8:14 scenario-failed: The request should be there, and is not, since it was refused.']);
  });

  test('every word of one expectation that is otherwise is told, and nothing that follows', () => {
    expect(
      failuresOf(`
  - name: one
    expect: { status: active, asks: [security] }
    then: [{ approve: ann }, { wait: 30m, expect: { status: ended } }]
  - name: two
    then: [{ approve: bob, expect: { status: ended } }]`),
    ).toEqual([
      '6:15 scenario-failed: The status should be active, and is pending.',
      '6:31 scenario-failed: What is asked now should be security, and is data.',
      '9:38 scenario-failed: The status should be ended, and is active.',
    ]);
  });

  test('what people wrote over several lines stands on one line', () => {
    expect(
      failuresOf(
        '\n  - name: one\n    then: [{ deny: bob, message: "Not\\n  now.", expect: { reason: No. } }]',
      ),
    ).toEqual(['6:59 scenario-failed: The reason of the denial should be “No.”, and is “Not now.”.']);
  });

  test('and shows what was judged', () => {
    const { scenarios } = run(`
  - name: one
    given: { groups: { "team:acme/on-call": [ann] }, request: { fields: { reason: everything } } }
    then: [{ approve: bob, expect: { status: active } }]`);
    const [failure] = scenarios.flatMap(({ failures }) => failures);
    expect(failure?.trace).toMatchInlineSnapshot(`
      [
        "2026-03-10 09:00 UTC, bob says approve:",
        "– step-already-met: Your step data has all approvals already. Nothing more is needed from you.",
        "The request is pending. Why, as bob reads it:",
        "✓ The rule on-call approves data, saying “They are on call”.",
        "  ✓ requester.belongs_to('team:acme/on-call') was true",
        "– The rule weekend does not hold: request.time.getDayOfWeek() in [0, 6]",
        "– The rule often does not hold: requester.requests('1d') > 3",
        "  ✓ requester.requests('1d') was 0",
        "✓ data is met by the rule on-call, saying “They are on call”.",
        "  ✓ You belong to the team acme/data.",
        "… security waits for 1 approval from the team acme/security.",
        "  – You do not belong to the team acme/security.",
        "– If you said /approve now: Your step data has all approvals already. Nothing more is needed from you.",
      ]
    `);
  });
});

test('what nobody reached is counted', () => {
  const { coverage } = run('\n  - { name: one }', flow, {
    'flows/other.yml': flow,
    'flows/broken.yml': 'label: 5\n',
    'flows/unread.yml': flow,
    'flows/unread.test.yml': 'scenarios: 5\n',
  });
  const nothing = {
    unheldRules: ['on-call', 'weekend', 'often'],
    unaskedSteps: ['data', 'security'],
    unaskedTargets: ['prod'],
  };
  expect(coverage).toEqual([
    { flow: 'other', scenarios: 0, ...nothing },
    { flow: 'sample', scenarios: 1, ...nothing, unaskedSteps: ['security'], unaskedTargets: [] },
  ]);
});

test('a step that a rule stood for was asked of nobody; a rule that denies an extension held', () => {
  const scenarios = `
  - name: on call
    given: { groups: { "team:acme/on-call": [ann] } }
    expect: { status: active, approved_by: { data: on-call } }
  - name: until Saturday
    given: { request: { at: 2026-03-13T22:00:00Z, duration: 4h, fields: { reason: everything } }, groups: { "team:acme/security": [ann, bob] } }
    then:
      - { approve: bob, expect: { asks: [security] } }
`;
  expect(run(scenarios).coverage).toEqual([
    { flow: 'sample', scenarios: 2, unheldRules: ['weekend', 'often'], unaskedSteps: [], unaskedTargets: [] },
  ]);
  const extended = `
  - name: until Saturday
    given: { request: { at: 2026-03-13T22:00:00Z, duration: 4h }, groups: { "team:acme/on-call": [ann] } }
    then: [{ wait: 3h }, { extend: ann, expect: { refused: denied-by-rule, status: active } }]
`;
  expect(run(extended).coverage).toEqual([
    {
      flow: 'sample',
      scenarios: 1,
      unheldRules: ['often'],
      unaskedSteps: ['data', 'security'],
      unaskedTargets: [],
    },
  ]);
});

describe('among people of people.yml alone', () => {
  const files = (scenarios: string): Readonly<Record<string, string>> => ({
    ...sampleFiles,
    'flows/people.yml': `${sampleFiles['flows/people.yml']}  gus: { name: Gus, role: guest }\n`,
    'flows/turns.yml': `requesters: [role:member]
approval:
  steps:
    - { name: first, approvers: [person:bob, person:gus] }
    - { name: second, needs: [first], approvers: [role:member] }
`,
    'flows/turns.test.yml': `given: { request: { requester: ann } }\nscenarios:${scenarios}\n`,
  });
  const report = (scenarios: string): ScenarioReport =>
    runScenarios(readSample(files(scenarios)), bytesOf(files(scenarios)));

  test('a step that waits for another was not asked', () => {
    const { coverage } = report('\n  - { name: one, expect: { status: pending } }');
    expect(coverage.map(({ unaskedSteps }) => unaskedSteps)).toEqual([['second']]);
  });

  test('guests are in no group, not even in one of their own', () => {
    const { diagnostics, scenarios } = report(`
  - name: Gus asks
    given: { request: { requester: gus } }
    expect: { refused: not-a-requester }
  - name: Gus approves
    then: [{ approve: gus, expect: { refused: not-an-approver } }]
  - name: members do
    then: [{ approve: bob, expect: { asks: [second] } }, { approve: bob, expect: { refused: already-approved } }]`);
    expect(diagnostics.map(printDiagnostic)).toEqual([]);
    expect(scenarios.map(({ passed }) => passed)).toEqual([true, true, true]);
  });
});

test('a mistake of ours fails one scenario, and no other', () => {
  const files = filesOf(
    '\n  - { name: one, expect: { status: pending } }\n  - name: two\n    given: { history: unavailable }',
  );
  const desk = readSample(files);
  const broken = withRules(desk, ({ circumstances }) => {
    if (isUnknown(circumstances?.history(1000))) throw new Error('It is full.');
    return false;
  });
  expect(printed(runScenarios(broken, bytesOf(files)))).toEqual([
    '6:5 scenario-broken: This scenario could not be played to its end: It is full.',
  ]);
});

test('the same files come out the same', () => {
  const text = '\n  - name: one\n    then: [{ approve: bob }, { wait: 30m, expect: { status: active } }]';
  expect(run(text)).toEqual(run(text));
});

function withRules(desk: Desk, judge: Condition['judge']): Desk {
  const sample = desk.flows.get('sample');
  if (sample === undefined || isBroken(sample)) throw new Error('The sample was not read.');
  const rule = { name: 'own', condition: { source: 'own', judge }, then: { deny: true } } as const;
  return { ...desk, flows: new Map([['sample', { ...sample, rules: [rule] }]]) };
}

function run(
  scenarios: string,
  subject = flow,
  others: Readonly<Record<string, string>> = {},
): ScenarioReport {
  const files = { ...filesOf(scenarios, subject), ...others };
  return runScenarios(readSample(files), bytesOf(files));
}

function filesOf(scenarios: string, subject = flow): Readonly<Record<string, string>> {
  return {
    ...sampleFiles,
    'flows/sample.yml': subject,
    'flows/sample.test.yml': `${world}scenarios:${scenarios}\n`,
  };
}

function bytesOf(files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

/** Also asserts that the failures of the scenarios are the ones that are told. */
function failuresOf(scenarios: string, subject = flow): readonly string[] {
  const report = run(scenarios, subject);
  const failures = report.scenarios.flatMap((each) => each.failures.map(({ diagnostic }) => diagnostic));
  expect(report.diagnostics).toEqual(failures);
  expect(report.scenarios.map(({ passed }) => passed)).not.toEqual([]);
  return printed(report);
}

function printed({ diagnostics }: ScenarioReport): readonly string[] {
  return diagnostics.map((each) => printDiagnostic(each).replace('flows/sample.test.yml:', ''));
}

describe('what the code of the flow says', () => {
  const coded = `${flow}code:
  hooks: [on_lapse, on_escalate, after_request]
  answers: [approval, available]
`;
  const failures = (scenarios: string): readonly string[] => {
    const report = run(scenarios, coded, { 'flows/sample.ts': 'export {};' });
    return printed(report).filter((line) => !line.includes('no-such-hook'));
  };

  test('is who is asked, with people and places of its own', () => {
    expect(
      failures(`
  - name: the boss is asked
    given:
      groups: { "team:acme/bosses": [bob], "team:acme/data": [] }
      answers: { approval: { steps: [{ name: boss, approvers: [team:acme/bosses], notify: [slack-channel:bosses] }] } }
    expect: { status: pending, asks: [boss], tells: [slack-channel:bosses] }
    then:
      - { approve: bob, expect: { status: active, approved_by: { boss: bob } } }
  - name: no answer
    given: { answers: { approval: unavailable } }
    expect: { status: pending, asks: [data] }`),
    ).toEqual([]);
  });

  test('is told where it is none', () => {
    expect(
      failures(`
  - name: nobody
    given: { answers: { approval: { steps: [{ name: boss, approvers: [team:acme/bosses], needs: [bos] }] } } }
    expect: { status: pending }`),
    ).toEqual([expect.stringContaining('needs')]);
  });

  test('is that it is not open now', () => {
    expect(
      failures(`
  - name: frozen
    given: { answers: { available: { why: It is frozen. } } }
    expect: { refused: not-available }
  - name: nobody knows
    given: { answers: { available: unavailable } }
    expect: { refused: code-unavailable }`),
    ).toEqual([]);
  });

  test('is what becomes of it when time has come, and before access is given', () => {
    expect(
      failures(`
  - name: the code stands in for nobody
    given: { code: { on_lapse: { deny: Ask again. } } }
    then:
      - { wait: 24h, expect: { status: denied } }
  - name: the code has nothing to say
    then:
      - { wait: 24h, expect: { status: lapsed } }
  - name: the vault is sealed
    given: { code: { on_escalate: { ignore: The vault is sealed. } } }
    then:
      - { approve: bob, expect: { status: failed } }`),
    ).toEqual([]);
  });
});
