import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../app/system.ts';
import { runScenarios, runScenariosWithCode } from '../desk/scenarios/run-scenarios.ts';
import { anyApproval, readSample } from '../desk/sample-desk.ts';
import { createScenarioCode } from './scenario-code.ts';

const code = `
import { approve, http, ignore, output, type AfterHook, type OnHook } from 'countersign/sdk';

export const on_request: OnHook<'request'> = async ({ request }) => {
  const url = 'https://freeze.acme.com/now?person=' + request.requester.id;
  const { ok, json } = await http({ method: 'POST', url, json: { role: request.requester.role } }).catch(() => { throw new Error('No calendar.'); });
  if (!ok) return ignore('There is a freeze.');
  return json === 'calm' ? approve({ steps: ['lead'], reason: 'Nothing is frozen.' }) : output({ seen: 'warm' });
};
export const after_request: AfterHook<'request'> = ({ outputs }) => output({ kept: JSON.stringify(outputs) });
export const on_approve: OnHook<'approve'> = ({ outputs }) => ignore(JSON.stringify(outputs));
`;

const flow = (hooks: string): string => `requesters: [team:acme/eng]
approval:
  steps:
    - { name: lead, approvers: [team:acme/data] }
code: { hooks: [${hooks}], hosts: [freeze.acme.com] }
`;

const given = `given:
  groups: { "team:acme/eng": [ann], "team:acme/data": [bob] }
  request: { requester: ann }
`;

const encoder = new TextEncoder();
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const scenarioCode = createScenarioCode({ clock: systemClock, log });
afterAll(() => scenarioCode.stop());
let desks = 0;

function deskOf(scenarios: string, hooks = 'on_request', source = code) {
  const sources = {
    'flows/deploy.ts': source,
    'flows/deploy.yml': flow(hooks),
    'flows/deploy.test.yml': `${given}${scenarios}`,
  };
  const files = new Map(Object.entries(sources).map(([path, text]) => [path, encoder.encode(text)]));
  return { desk: { ...readSample(sources), commit: String((desks += 1)) }, files };
}

/** What is told of each scenario, and of the rest. */
async function played(...parts: Parameters<typeof deskOf>): Promise<readonly string[]> {
  const { desk, files } = deskOf(...parts);
  const { scenarios, diagnostics } = await runScenariosWithCode(desk, files, scenarioCode.of(desk));
  return [
    ...scenarios.map(({ name, passed }) => `${passed ? 'passed' : 'failed'}: ${name}`),
    ...diagnostics.map(({ line, code: kind, sentence }) => `${line} ${kind}: ${sentence}`),
    ...scenarios.flatMap(({ failures }) =>
      failures.flatMap(({ trace }) => trace.filter((line) => line.startsWith('?'))),
    ),
  ];
}

const calm = '{ http: "https://freeze.acme.com/now*", answers: { json: calm } }';

describe('the code of a flow, in scenarios', () => {
  test('really runs, and is answered by the first that fits, a scenario’s own before those of the file', async () => {
    const scenarios = `  outside: [${calm}]
scenarios:
  - name: calm
    expect: { status: approved }
  - name: frozen
    given: { outside: [{ http: "https://freeze.acme.com/now?person=ann", method: POST, answers: { status: 409 } }] }
    expect: { refused: ignored-by-code }
  - name: for others
    given: { outside: [{ http: "https://freeze.acme.com/now?person=bob", answers: { status: 409 } }] }
    expect: { status: approved }
  - name: given by hand
    given: { code: { on_request: { deny: No. } } }
    expect: { status: denied, reason: No. }
`;
    expect(await played(scenarios)).toEqual([
      'passed: calm',
      'passed: frozen',
      'passed: for others',
      'passed: given by hand',
    ]);
  });

  test('runs hook after hook, and each finds what those before it kept', async () => {
    const scenarios = `  outside: [{ http: "https://freeze.acme.com/now*", answers: { json: warm } }]
scenarios:
  - name: kept
    expect: { asks: [lead] }
    then:
      - { approve: bob, expect: { refused: ignored-by-code, status: pending } }
      - { approve: bob }
`;
    const [result, failure = ''] = await played(scenarios, 'on_request, after_request, on_approve');
    expect(result).toBe('failed: kept');
    const kept = JSON.stringify({ seen: 'warm' }).replaceAll('"', '\\"');
    expect(failure).toContain('"on_request":{"seen":"warm"}');
    expect(failure).toContain(`"after_request":{"kept":"{\\"on_request\\":${kept}}"}`);
  });

  test('that asks for something else fails its scenario, with what it asked for, and spares the others', async () => {
    const scenarios = `scenarios:
  - name: nothing given
    given: { outside: [] }
    expect: { status: pending }
  - name: another method
    given: { outside: [{ http: "https://freeze.acme.com/now*", method: GET, answers: {} }] }
    expect: { status: pending }
  - name: calm
    given: { outside: [${calm}] }
    expect: { status: approved }
`;
    const asked =
      'The code asked for POST https://freeze.acme.com/now?person=ann, and nothing in `outside` answers that.';
    expect(await played(scenarios)).toEqual([
      'failed: nothing given',
      'failed: another method',
      'passed: calm',
      `5 scenario-outside: ${asked}`,
      `8 scenario-outside: ${asked}`,
    ]);
  });

  test('that may not call where it calls fails its scenario', async () => {
    const elsewhere = code.replace('https://freeze.acme.com', 'https://evil.example');
    const scenarios = `scenarios:
  - name: elsewhere
    given: { outside: [{ http: "https://evil.example/*", answers: { json: calm } }] }
    expect: { status: approved }
`;
    const [, told] = await played(scenarios, 'on_request', elsewhere);
    expect(told).toBe(
      '5 scenario-outside: The code asked for what it may not: This code may not reach evil.example: `hosts`, where the flow names the code, does not list it.',
    );
  });

  test('that comes to no answer is as in the app: people are asked, and a failure says why', async () => {
    const scenarios = `  outside: [{ http: "https://freeze.acme.com/now*", answers: fails }]
scenarios:
  - name: people are asked
    expect: { status: pending, asks: [lead] }
  - name: it says why
    expect: { status: approved }
`;
    expect(await played(scenarios)).toEqual([
      'passed: people are asked',
      'failed: it says why',
      '9 scenario-failed: The status should be approved, and is pending.',
      expect.stringMatching(/^\? on_request came to no answer: No calendar\./),
    ]);
  });

  test('is not run where nobody runs code: those scenarios are told as not run, and the others are played', () => {
    const { desk, files } = deskOf(`scenarios:
  - name: by hand
    given: { code: { on_request: { approve: true } } }
    expect: { status: pending }
  - name: calm
    given: { outside: [${calm}] }
    expect: { status: approved }
`);
    const { scenarios, diagnostics, coverage } = runScenarios(desk, files);
    expect(scenarios.map(({ name, line }) => [name, line])).toEqual([['by hand', 5]]);
    expect(diagnostics.map(({ line, code: kind, level }) => [line, kind, level])).toEqual([
      [8, 'scenarios-need-code', 'note'],
      [7, 'scenario-failed', 'error'],
    ]);
    expect(coverage).toEqual([]);
  });

  test('has to be there', () => {
    const sources = {
      'flows/plain.yml': `requesters: [team:acme/eng]\n${anyApproval}`,
      'flows/plain.test.yml':
        'given: { request: { requester: ann }, outside: [] }\nscenarios: [{ name: a }]\n',
    };
    const files = new Map(Object.entries(sources).map(([path, text]) => [path, encoder.encode(text)]));
    expect(runScenarios(readSample(sources), files).diagnostics.map(({ code: kind }) => kind)).toEqual([
      'scenario-without-code',
    ]);
  });
});
