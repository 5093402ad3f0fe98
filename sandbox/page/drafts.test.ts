import { expect, test } from 'vitest';
import type { FlowsView } from '../control/flows-view.ts';
import { draftOf, dropDraft, followName, freeBranch, startDraft } from './drafts.ts';
import { newFlow, newScenarios } from './new-file.ts';

const path = 'flows/vault.yml';
const selection = { kind: 'edit', path, pull: null } as const;

function flowsAt(commit: string, text: string): FlowsView {
  return {
    commit,
    branch: 'main',
    files: [{ path, text }],
    branches: ['main', 'vault', 'vault-2'],
    proposable: [],
  };
}

test('what is written stays, and what is not follows the branch', () => {
  const draft = draftOf(flowsAt('1', 'one\n'), selection);
  expect(draft).toMatchObject({ text: 'one\n', from: '1', branch: 'vault-3', title: 'Change vault.yml' });
  const next = draftOf(flowsAt('2', 'two\n'), selection);
  expect(next).toMatchObject({ text: 'two\n', from: '2' });
  if (next) next.text = 'mine\n';
  expect(draftOf(flowsAt('3', 'three\n'), selection)).toMatchObject({ text: 'mine\n', from: '2' });
  dropDraft(selection);
  expect(draftOf(flowsAt('3', 'three\n'), selection)).toMatchObject({ text: 'three\n', from: '3' });
});

test('an example takes the place of what was written', () => {
  startDraft(flowsAt('4', 'four\n'), { path, text: 'changed\n', title: 'An example' });
  expect(draftOf(flowsAt('4', 'four\n'), selection)).toMatchObject({
    text: 'changed\n',
    was: 'four\n',
    title: 'An example',
  });
});

test('a pull request has drafts of its own, a new file has one, and a file that is not there has none', () => {
  const flows = flowsAt('5', 'five\n');
  expect(draftOf(flows, { kind: 'edit', path, pull: 7 })).toMatchObject({ text: 'five\n' });
  expect(draftOf(flows, { kind: 'edit', path: null, pull: null })).toMatchObject({
    text: newFlow,
    was: null,
  });
  expect(draftOf(flows, { kind: 'edit', path: 'flows/other.yml', pull: null })).toBeUndefined();
});

test('a branch is called as nobody has called one', () => {
  expect(freeBranch(flowsAt('6', ''), 'main')).toBe('main-2');
  expect(freeBranch(flowsAt('6', ''), 'vault')).toBe('vault-3');
  expect(freeBranch(flowsAt('6', ''), 'other')).toBe('other');
});

test('a new file is called by its name, its title and branch with it, until somebody writes another', () => {
  const fresh = { kind: 'edit', path: null, pull: null } as const;
  dropDraft(fresh);
  const flows = flowsAt('7', '');
  const draft = draftOf(flows, fresh);
  if (!draft) throw new Error('There is no draft.');
  expect(draft).toMatchObject({ path: '', title: 'A new flow', branch: 'new-flow' });
  draft.path = 'flows/vault.yml';
  followName(flows, draft);
  expect(draft).toMatchObject({ title: 'Add vault.yml', branch: 'vault-3' });
  // A name is something written: it stays when the branch moves on.
  expect(draftOf(flowsAt('8', ''), fresh)).toBe(draft);
  draft.title = 'Mine';
  draft.written.add('title');
  draft.path = 'flows/team/deploy.test.yml';
  followName(flows, draft);
  expect(draft).toMatchObject({ title: 'Mine', branch: 'deploy', text: newScenarios });
  draft.text = 'written: by somebody\n';
  draft.path = 'flows/deploy.yml';
  followName(flows, draft);
  expect(draft.text).toBe('written: by somebody\n');
});

test('a further file of a pull request begins as what that lacks', () => {
  const further = { kind: 'edit', path: null, pull: 8 } as const;
  expect(draftOf(flowsAt('9', ''), further, 'flows/deploy.test.yml')).toMatchObject({
    path: 'flows/deploy.test.yml',
    text: newScenarios,
    title: 'Add deploy.test.yml',
  });
});
