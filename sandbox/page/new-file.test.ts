import { expect, test } from 'vitest';
import { missingScenarios } from './new-file.ts';

const added = (path: string): { readonly path: string; readonly change: string } => ({
  path,
  change: 'added',
});

test('a new flow lacks its scenarios until they are there', () => {
  const flow = added('flows/deploy.yml');
  expect(missingScenarios([flow])).toBe('flows/deploy.test.yml');
  expect(missingScenarios([flow, added('flows/deploy.test.yml')])).toBe('');
});

test('settings, people, forms and what is only changed lack none', () => {
  const changed = { path: 'flows/vault.yml', change: 'modified' };
  const others = [
    'flows/people.yml',
    'flows/countersign.yml',
    '.github/ISSUE_TEMPLATE/deploy.yml',
    'flows/x.test.yml',
  ];
  expect(missingScenarios([changed, ...others.map(added)])).toBe('');
});
