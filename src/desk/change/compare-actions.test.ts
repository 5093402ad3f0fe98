// What a change does to what runs after an approval: an approval that does more than it did is told first.
import { expect, test } from 'vitest';
import { edited, line, paths } from '../../../test/builders/changed-desk.ts';
import { compareDesks } from './compare-desks.ts';

const withActions = (actions: string) =>
  edited([paths.migrate, 'approval:', `after_approve: [${actions}]\napproval:`]);
const go = '{ run: workflow, name: go, with: { file: go.yml } }';
const call = '{ run: call, name: tell, integration: main, with: { path: /x } }';

test.each([
  [
    'one that is added',
    edited(),
    withActions(call),
    [
      '!easier action-added: Once migrate is approved, tell newly runs, by call through main, at eu-north-1: path “/x”.',
    ],
  ],
  [
    'one that is gone',
    withActions(`${go}, ${call}`),
    withActions(go),
    ['other action-removed: tell no longer runs once migrate is approved.'],
  ],
  [
    'one that is called with something else',
    withActions(go),
    withActions(go.replace('go.yml', 'other.yml')),
    [
      '!other action-changed: go of migrate is called with something else: file is “other.yml” instead of “go.yml”.',
    ],
  ],
  [
    'another order',
    withActions(`${go}, ${call}`),
    withActions(`${call}, ${go}`),
    ['other order: What runs once migrate is approved runs in another order.'],
  ],
])('%s', (_, before, after, expected) => {
  expect(compareDesks({ before, after }).map(line)).toEqual(expected);
});
