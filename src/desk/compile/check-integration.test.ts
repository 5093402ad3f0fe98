import { expect, test } from 'vitest';
import { createDeskReader } from '../desk-reader.ts';
import { anyApproval, sampleActions, sampleFiles, sampleStrategies } from '../sample-desk.ts';

const needsMore = {
  type: 'object',
  required: ['type', 'region', 'store', 'instance'],
  properties: { type: { const: 'aws' } },
} as const;
const { aws = { settings: {} } } = sampleStrategies;
const { call = { with: {}, takes: {} } } = sampleActions;
const { readDesk } = createDeskReader({
  strategies: { ...sampleStrategies, 'aws-group': { ...aws, integration: needsMore } },
  actions: { ...sampleActions, store: { ...call, integration: needsMore } },
  optionSources: {},
});

/** What is said of a flow, given what its integration holds. */
function said(flow: string, main: string): readonly string[] {
  const files = {
    ...sampleFiles,
    'flows/countersign.yml': sampleFiles['flows/countersign.yml'].replace('region: eu-north-1', main),
    'flows/sample.yml': `label: Sample\nrequesters: [team:acme/eng]\n${anyApproval}\n${flow}\n`,
  };
  const read = readDesk(
    new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
    'c0ffee',
  );
  return read.diagnostics.map(({ code, line, sentence }) => `${line} ${code}: ${sentence}`);
}

const granting = (type: string): string =>
  `strategy: { type: ${type}, integration: main }\nduration: { options: [1h] }\ntargets: { t: { settings: { account_id: "333333333333" } } }`;
const region = 'region: eu-north-1';

test('an integration that lacks what its strategy needs is told where the flow names it', () => {
  expect(said(granting('aws-group'), region)).toEqual([
    '4 integration-lacks: aws-group needs `store` and `instance` in the integration “main” of countersign.yml.',
  ]);
});

test('it is enough for one that needs less', () => {
  expect(said(granting('aws'), region)).toEqual([]);
});

test('an action is held to the same', () => {
  const action = 'after_approve: [{ run: store, integration: main, with: { path: /x } }]';
  expect(said(action, region)).toEqual([
    '4 integration-lacks: store needs `store` and `instance` in the integration “main” of countersign.yml.',
  ]);
});
