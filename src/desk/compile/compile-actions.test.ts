// What runs after an approval: what may stand where, what is filled in, and what is refused on its line.
import { describe, expect, test } from 'vitest';
import type { Flow } from '../../domain/flow.ts';
import { isBroken } from '../desk.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { anyApproval, readSample } from '../sample-desk.ts';

const fields =
  'fields: { url: { type: string }, team: { type: string, options: [data, web] }, note: { type: string, required: false } }';
const flowOf = (actions: string, more = ''): string =>
  `requesters: [team:acme/eng]\n${anyApproval}\n${fields}\n${more}vars: { place: hall }\nafter_approve:\n${actions}\n`;

function read(actions: string): Flow {
  const desk = readSample({ 'flows/sample.yml': flowOf(actions) });
  const flow = desk.flows.get('sample');
  if (flow === undefined || isBroken(flow)) throw new Error(desk.diagnostics.map(printDiagnostic).join('\n'));
  return flow;
}

function problems(actions: string, more = ''): readonly string[] {
  const { diagnostics } = readSample({ 'flows/sample.yml': flowOf(actions, more) });
  return diagnostics.map(({ code, suggestion }) =>
    suggestion === undefined ? code : `${code}: ${suggestion}`,
  );
}

test('an action has its kind, its name, what it is called with, and where its integration leads', () => {
  const { actions } = read(
    [
      '  - { run: workflow, name: migrate, with: { file: migrate.yml, inputs: { url: "${{ fields.url }}", at: "${{ vars.place }}" } } }',
      '  - { run: call, integration: main, with: { path: "/teams/${{ fields.team }}/${{ request.id }}" } }',
    ].join('\n'),
  );
  expect(actions).toEqual([
    {
      name: 'migrate',
      run: 'workflow',
      with: { file: 'migrate.yml', inputs: { url: '${{ fields.url }}', at: 'hall' } },
    },
    {
      name: 'call',
      run: 'call',
      integration: 'main',
      address: 'eu-north-1',
      with: { path: '/teams/${{ fields.team }}/${{ request.id }}' },
      encoded: ['path'],
    },
  ]);
});

const file = '{ file: a.yml }';

describe('is refused:', () => {
  test.each([
    ['an unknown kind', '  - { run: workflw, with: {} }', ['unknown-action: workflow']],
    [
      'code that is not there',
      '  - { run: code, with: { file: gate.ts, function: open } }',
      ['no-code-file'],
    ],
    [
      'an answer that says which code runs',
      '  - { run: code, with: { file: "${{ fields.team }}", function: open } }',
      ['no-code-file', 'action-place'],
    ],
    ['nothing to call it with', '  - { run: workflow }', ['missing-key']],
    ['settings of another kind', '  - { run: workflow, with: { path: /x } }', ['missing-key', 'unknown-key']],
    ['a value that the kind does not take', '  - { run: workflow, with: { file: A.yml } }', ['bad-value']],
    [
      'two of one name',
      `  - { run: workflow, with: ${file} }\n  - { run: workflow, with: ${file} }`,
      ['duplicate-action'],
    ],
    [
      'an answer that would say what is called',
      '  - { run: workflow, with: { file: "${{ fields.team }}.yml" } }',
      ['action-place'],
    ],
    [
      'an answer without limits in a path',
      '  - { run: call, integration: main, with: { path: "/${{ fields.url }}" } }',
      ['bound-unlimited'],
    ],
    [
      'the name of a requester in a path',
      '  - { run: call, integration: main, with: { path: "/${{ requester.name }}" } }',
      ['action-place'],
    ],
    [
      'a field that is not there',
      '  - { run: workflow, with: { file: a.yml, inputs: { a: "${{ fields.ulr }}" } } }',
      ['template-unknown: ${{ fields.url }}'],
    ],
    [
      'a target, which such flows do not have',
      '  - { run: workflow, with: { file: a.yml, inputs: { a: "${{ request.target }}" } } }',
      ['template-unknown'],
    ],
    [
      'a variable that is not there',
      '  - { run: workflow, with: { file: a.yml, inputs: { a: "${{ vars.plce }}" } } }',
      ['unknown-var: ${{ vars.place }}'],
    ],
    [
      'a place that does not close',
      '  - { run: workflow, with: { file: a.yml, inputs: { a: "${{ fields.url" } } }',
      ['template-form'],
    ],
    ['no integration where one is needed', '  - { run: call, with: { path: /x } }', ['missing-key']],
    [
      'an integration where none is',
      `  - { run: workflow, integration: main, with: ${file} }`,
      ['action-integration'],
    ],
    [
      'one of another type',
      '  - { run: call, integration: other, with: { path: /x } }',
      ['action-integration'],
    ],
    [
      'one that is not declared',
      '  - { run: call, integration: mian, with: { path: /x } }',
      ['unknown-integration: main'],
    ],
  ])('%s', (_, actions, expected) => {
    expect(problems(actions)).toEqual(expected);
  });

  test('actions of a flow that grants access', () => {
    const access =
      'strategy: { type: aws, integration: main }\nduration: { options: [1h] }\ntargets: { t: { settings: { account_id: "111111111111" } } }\n';
    expect(problems(`  - { run: workflow, with: ${file} }`, access)).toEqual(['action-access']);
  });

  test('more than five', () => {
    const many = Array.from(
      { length: 6 },
      (_, index) => `  - { run: workflow, name: a${index}, with: ${file} }`,
    );
    expect(problems(many.join('\n'))).toEqual(['too-many']);
  });
});

test('an integration that an action uses is used', () => {
  expect(read('  - { run: call, integration: main, with: { path: /x } }').actions?.[0]?.integration).toBe(
    'main',
  );
});
