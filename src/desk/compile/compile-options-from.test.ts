// Options that are read live: what a flow may say of their source, what the source may be told, and what may be bound to them.
import { describe, expect, test } from 'vitest';
import type { Flow } from '../../domain/flow.ts';
import { isBroken } from '../desk.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { issueForms } from '../forms/issue-forms.ts';
import { anyApproval, readSample } from '../sample-desk.ts';

const team = 'team: { type: string, options: [data, web] }';
const word = 'word: { type: string }';
const flowOf = (fields: readonly string[], more = ''): string =>
  `requesters: [team:acme/eng]\n${anyApproval}\nvars: { shelf: books }\nfields:\n${fields.map((field) => `  ${field}\n`).join('')}${more}`;
const asked = (source: string, more = ''): string =>
  `thing: { type: string, options_from: ${source}${more} }`;

function read(fields: readonly string[], more = ''): Flow {
  const desk = readSample({ 'flows/sample.yml': flowOf(fields, more) });
  const flow = desk.flows.get('sample');
  if (flow === undefined || isBroken(flow)) throw new Error(desk.diagnostics.map(printDiagnostic).join('\n'));
  return flow;
}

function problems(fields: readonly string[], more = ''): readonly string[] {
  const { diagnostics } = readSample({ 'flows/sample.yml': flowOf(fields, more) });
  return diagnostics.map(({ code, suggestion }) =>
    suggestion === undefined ? code : `${code}: ${suggestion}`,
  );
}

test('a field has its source, what the source is told, and the fields that it reads', () => {
  const { fields } = read([
    team,
    word,
    asked(
      '{ run: call, integration: main, with: { path: "/teams/${{ fields.team }}", body: { q: "${{ fields.word }} ${{ requester.id }} ${{ vars.shelf }}" } } }',
    ),
  ]);
  expect(fields[2]?.optionsFrom).toEqual({
    run: 'call',
    integration: 'main',
    with: { path: '/teams/${{ fields.team }}', body: { q: '${{ fields.word }} ${{ requester.id }} books' } },
    encoded: ['path'],
    reads: ['team', 'word'],
  });
});

describe('is refused:', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['an unknown source', [asked('{ run: shelv, with: {} }')], ['unknown-option-source: shelf']],
    [
      'code that is not there',
      [asked('{ run: code, with: { file: racks.ts, function: all } }')],
      ['no-code-file'],
    ],
    ['no source', [asked('{ with: {} }')], ['missing-key']],
    ['a key that there is not', [asked('{ run: shelf, wiht: {} }')], ['unknown-key: with']],
    ['a list that there is not', [asked('{ run: shelf, with: { list: boks } }')], ['not-an-option: books']],
    ['a key of another source', [asked('{ run: shelf, with: { list: maps, path: /x } }')], ['unknown-key']],
    ['no integration', [asked('{ run: call, with: { path: /x } }')], ['missing-key']],
    [
      'an unknown integration',
      [asked('{ run: call, integration: mian, with: { path: /x } }')],
      ['unknown-integration: main'],
    ],
    [
      'an integration of another type',
      [asked('{ run: call, integration: other, with: { path: /x } }')],
      ['options-integration'],
    ],
    [
      'an integration for a source without',
      [asked('{ run: shelf, integration: main, with: { list: maps } }')],
      ['options-integration'],
    ],
    [
      'options beside it',
      [asked('{ run: shelf, with: { list: maps } }', ', options: [a]')],
      ['options-twice'],
    ],
    [
      'an answer that would say what is read',
      [team, asked('{ run: shelf, with: { list: "${{ fields.team }}" } }')],
      ['options-place'],
    ],
    [
      'a field that is asked later',
      [asked('{ run: shelf, with: { list: maps, row: "${{ fields.team }}" } }'), team],
      ['options-order'],
    ],
    [
      'a field that there is not',
      [team, asked('{ run: shelf, with: { list: maps, row: "${{ fields.teem }}" } }')],
      ['options-order: fields.team'],
    ],
    [
      'the field itself',
      [asked('{ run: shelf, with: { list: maps, row: "${{ fields.thing }}" } }')],
      ['options-order'],
    ],
    [
      'what is no place',
      [asked('{ run: shelf, with: { list: maps, row: "${{ requester.name }}" } }')],
      ['options-form'],
    ],
    [
      'a secret',
      [asked('{ run: shelf, with: { list: maps, row: "${{ secrets.KEY }}" } }')],
      ['options-form'],
    ],
    [
      'an answer without limits that would lead',
      [word, asked('{ run: shelf, with: { list: maps, row: "${{ fields.word }}" } }')],
      ['options-unlimited'],
    ],
    [
      'a list that would lead',
      [
        'words: { type: string-list, options: [a] }',
        asked('{ run: shelf, with: { list: maps, row: "${{ fields.words }}" } }'),
      ],
      ['options-type'],
    ],
    [
      'a field of numbers',
      ['thing: { type: int, options_from: { run: shelf, with: { list: maps } } }'],
      ['unknown-key'],
    ],
  ])('%s', (_, fields, found) => {
    expect(problems(fields)).toEqual(found);
  });
});

describe('a target is bound to a field', () => {
  const target =
    'strategy: { type: github-team }\ntargets: { t: { settings: { organization: acme, team_slug: "${{ fields.thing }}" } } }\nduration: { options: [1h] }\n';

  test('whose options are read live', () => {
    expect(problems([asked('{ run: shelf, with: { list: maps } }')], target)).toEqual([]);
  });

  test('also where they depend on an answer that is limited itself', () => {
    const row = 'row: { type: string, options_from: { run: shelf, with: { list: books } } }';
    const source = '{ run: shelf, with: { list: maps, row: "${{ fields.row }}" } }';
    expect(problems([row, asked(source)], target)).toEqual([]);
  });

  test('not where the source is told what anybody typed: it may offer just that', () => {
    const source =
      '{ run: call, integration: main, with: { path: /search, body: { q: "${{ fields.word }}" } } }';
    expect(problems([word, asked(source)], target)).toEqual(['bound-unlimited']);
  });

  test('not where an answer in between was typed by anybody', () => {
    const search =
      '{ run: call, integration: main, with: { path: /search, body: { q: "${{ fields.word }}" } } }';
    const between = `between: { type: string, options_from: ${search} }`;
    const source =
      '{ run: call, integration: main, with: { path: /x, body: { q: "${{ fields.between }}" } } }';
    expect(problems([word, between, asked(source)], target)).toEqual(['bound-unlimited']);
  });
});

test('an issue form asks for a text, and says that it is looked up', () => {
  const desk = readSample({ 'flows/sample.yml': flowOf([asked('{ run: shelf, with: { list: maps } }')]) });
  const form = issueForms(desk).get('.github/ISSUE_TEMPLATE/sample.yml') ?? '';
  expect(form.slice(form.indexOf('  - type: input'))).toBe(
    [
      '  - type: input',
      '    id: thing',
      '    attributes:',
      '      label: Thing',
      '      description: What may be answered is looked up when this is sent.',
      '    validations:',
      '      required: true',
      '',
    ].join('\n'),
  );
});
