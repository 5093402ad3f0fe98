import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../domain/duration.ts';
import type { Flow } from '../domain/flow.ts';
import { account, personId } from '../domain/names.ts';
import { isBroken, type Desk } from './desk.ts';
import { createDeskReader } from './desk-reader.ts';
import { printDiagnostic } from './diagnostic.ts';
import { anyApproval, readSample } from './sample-desk.ts';

const rest = `requesters: [team:acme/eng]\n${anyApproval}\n`;

function flowOf(desk: Desk, name: string): Flow {
  const flow = desk.flows.get(name);
  if (flow === undefined || isBroken(flow))
    throw new Error(desk.diagnostics.map(printDiagnostic).join('\n') || `No ${name}.`);
  return flow;
}

const read = (text: string): Flow => flowOf(readSample({ 'flows/sample.yml': text }), 'sample');

describe('a flow', () => {
  test('has what its file does not say', () => {
    expect(read(rest)).toEqual({
      ref: { name: 'sample', commit: 'c0ffee' },
      label: 'sample',
      requesters: ['team:acme/eng'],
      fields: [],
      rules: [],
      approval: {
        steps: [{ name: 'data', approvers: ['team:acme/data'], count: 1, needs: [], peopleOnly: false }],
        lapseAfter: hours(24),
        selfApproval: false,
        decisionMessage: 'optional',
        validFor: hours(1),
      },
      allowRevoke: ['requester', 'approvers'],
    });
  });

  test('has what its settings say where it is silent', () => {
    const settings = `version: 1\nadmins: [role:member]\ndefaults: { lapse_after: 2h, valid_for: 30m, allow_revoke: [approvers] }\n`;
    const desk = readSample({ 'flows/countersign.yml': settings, 'flows/sample.yml': rest });
    expect(flowOf(desk, 'sample')).toMatchObject({
      approval: { lapseAfter: hours(2), validFor: minutes(30) },
      allowRevoke: ['approvers'],
    });
  });

  test('keeps targets, durations and the order of its fields', () => {
    const flow = read(`strategy: { type: github-team }
targets:
  b: { label: Team B, settings: { organization: acme, team_slug: b }, requesters: [person:ann] }
  a: { settings: { organization: acme, team_slug: a, role: maintainer } }
duration: { options: [30m, until-revoked] }
fields:
  z: { type: duration, options: [1h, 2h], default: 1h }
  pull_request: { type: string-list, default: [x] }
  y: { type: bool, required: false, if: "request.target == 'a'" }
${rest}`);
    expect(flow.access).toEqual({
      strategy: { type: 'github-team' },
      targets: [
        {
          name: 'b',
          label: 'Team B',
          settings: { organization: 'acme', team_slug: 'b' },
          requesters: ['person:ann'],
        },
        { name: 'a', label: 'a', settings: { organization: 'acme', team_slug: 'a', role: 'maintainer' } },
      ],
      durations: { options: [minutes(30), 'until-revoked'], default: minutes(30) },
    });
    expect(flow.fields).toMatchObject([
      { name: 'z', label: 'Z', options: [hours(1), hours(2)], default: hours(1), required: true },
      { name: 'pull_request', label: 'Pull request', type: 'string-list', default: ['x'] },
      { name: 'y', required: false, condition: { source: "request.target == 'a'" } },
    ]);
  });

  test('has the danger of its environment, unless it has its own', () => {
    expect(read(`environment: prod\n${rest}`)).toMatchObject({
      environment: 'Production',
      danger: 'Careful.',
    });
    expect(read(`environment: prod\ndanger: Very.\n${rest}`).danger).toBe('Very.');
  });

  test('may bind settings to fields whose answers are limited', () => {
    const flow = read(`strategy: { type: aws, integration: main }
duration: { options: [1h] }
targets: { t: { settings: { account_id: "\${{ fields.account }}", level: 2 } } }
fields: { account: { type: string, pattern: "[0-9]{12}" } }
${rest}`);
    expect(flow.access?.targets[0]?.settings).toEqual({ account_id: '${{ fields.account }}', level: 2 });
  });

  test('matches its pattern against the whole answer', () => {
    const { fields } = read(`fields: { a: { type: string, pattern: "INC-[0-9]+" } }\n${rest}`);
    const matches = (text: string): boolean | undefined => fields[0]?.pattern?.matches(text);
    expect([matches('INC-42'), matches('xINC-42'), matches('INC-42\n'), matches('INC-')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('may be for nobody, and asked for nowhere', () => {
    expect(read(`sources: []\nrequesters: []\n${anyApproval}\n`)).toMatchObject({
      sources: [],
      requesters: [],
    });
    expect(read(`sources: [github, slack]\n${rest}`).sources).toEqual(['github', 'slack']);
  });
});

describe('shared targets', () => {
  const shared = (target: string): Desk =>
    readSample({
      'flows/countersign.yml': `version: 1\nadmins: [role:member]\ntargets:\n  prod: ${target}\n`,
      'flows/sample.yml': `strategy: { type: github-team }\nshared_targets: [prod]\nduration: { options: [1h] }\n${rest}`,
    });

  test('are offered as if they were the flow’s own', () => {
    const flow = flowOf(
      shared('{ label: Production, settings: { organization: acme, team_slug: prod } }'),
      'sample',
    );
    expect(flow.access?.targets).toEqual([
      { name: 'prod', label: 'Production', settings: { organization: 'acme', team_slug: 'prod' } },
    ]);
  });

  test('are checked by the strategy of the flow that names them, and said there', () => {
    const [first] = shared('{ settings: { organization: acme } }').diagnostics;
    expect(first).toMatchObject({ file: 'flows/sample.yml', line: 2, code: 'missing-key' });
  });
});

describe('a desk', () => {
  test('loses a broken flow alone', () => {
    const desk = readSample({ 'flows/good.yml': rest, 'flows/bad.yml': `lable: X\n${rest}` });
    expect(flowOf(desk, 'good').ref.name).toBe('good');
    expect(desk.flows.get('bad')).toMatchObject({ broken: [{ code: 'unknown-key', file: 'flows/bad.yml' }] });
    expect(desk.closed).toBeUndefined();
  });

  test.each([
    ['flows/countersign.yml', 'version: 1\n', 'settings'],
    ['flows/people.yml', 'people: []\n', 'people'],
  ] as const)('takes no requests while %s is broken, and says so', (path, text, lost) => {
    const desk = readSample({ [path]: text, 'flows/good.yml': rest });
    expect(desk.closed).toBe(`This desk takes no requests until ${path} is corrected.`);
    expect(desk[lost]).toBeUndefined();
    expect(desk.diagnostics.every(({ file }) => file === path)).toBe(true);
  });

  test('of nothing says what is missing', () => {
    const desk = createDeskReader({ strategies: {} }).readDesk(new Map(), 'c');
    expect(desk.diagnostics.map(({ code, file }) => `${code} ${file}`)).toEqual([
      'file-missing flows/countersign.yml',
      'file-missing flows/people.yml',
    ]);
    expect(desk.closed).toContain('flows/countersign.yml and flows/people.yml are');
  });

  test('reads flows, and nothing else of its folder', () => {
    const desk = readSample({
      'flows/a.yml': rest,
      'flows/a.test.yml': 'scenarios: []',
      'flows/README.md': '#',
      'flows/deeper/b.yml': 'x',
      'other/c.yml': 'x',
    });
    expect([...desk.flows.keys()]).toEqual(['a']);
    expect(desk.diagnostics).toEqual([]);
  });

  test('tells of files that look like flows and are none, and leaves the flow beside them alone', () => {
    const desk = readSample({ 'flows/a.yml': rest, 'flows/a.yaml': rest, 'flows/two words.yml': rest });
    expect(flowOf(desk, 'a').ref.name).toBe('a');
    expect(desk.diagnostics.map(({ code, file }) => `${code} ${file}`)).toEqual([
      'file-extension flows/a.yaml',
      'file-name flows/two words.yml',
    ]);
  });

  test('knows its people by their accounts', () => {
    const { people } = readSample({
      'flows/people.yml': `people:
  cleo: { name: Cleo, role: guest, email: cleo@customer.com, slack: { workspace: T9CUST000, user: U09CLEO00 } }
  ann: { name: Ann, github: { login: ann-o, id: 583231 }, slack: U07ANN000, manager: cleo }
`,
    });
    expect(people?.byAccount).toEqual(
      new Map([
        [account('slack', 'T9CUST000/U09CLEO00'), 'cleo'],
        [account('github', 583231), 'ann'],
        // The desk's own workspace is not written out.
        [account('slack', 'U07ANN000'), 'ann'],
      ]),
    );
    expect(people?.persons.get(personId('cleo'))).toEqual({
      id: 'cleo',
      name: 'Cleo',
      role: 'guest',
      email: 'cleo@customer.com',
      slack: { workspace: 'T9CUST000', user: 'U09CLEO00' },
    });
  });

  test('never repeats what may be a secret', () => {
    const { diagnostics } = readSample({
      'flows/countersign.yml': `version: 1
admins: [role:member]
integrations:
  a: { type: aws, region: hunter2, token: hunter2, more: hunter2 }
  b: { type: x, api_key: hunter2 }
  c: { type: x, headers: { Authorization: Bearer hunter2 } }
`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'secret-in-clear',
      'secret-in-clear',
      'secret-in-clear',
    ]);
    const strange = readSample({
      'flows/countersign.yml':
        'version: 1\nadmins: [role:member]\nintegrations: { a: { type: aws, region: hunter2, more: 1 } }\n',
    }).diagnostics;
    expect(strange.map(({ code }) => code)).toEqual(['not-an-option', 'unknown-key']);
    expect(JSON.stringify([diagnostics, strange])).not.toContain('hunter2');
  });
});
