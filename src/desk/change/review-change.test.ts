import { expect, test } from 'vitest';
import { files, line, paths } from '../../../test/builders/changed-desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { issueForms } from '../forms/issue-forms.ts';
import { readSample, sampleStrategies } from '../sample-desk.ts';
import { createChangeReviewer } from './review-change.ts';

const review = createChangeReviewer({ strategies: sampleStrategies });
const form = '.github/ISSUE_TEMPLATE/team.yml';
const tests = 'flows/team.test.yml';
const scenarios = `scenarios:
  - name: a lead says yes
    given: { groups: { 'team:acme/engineering': [ann], 'team:acme/leads': [bob] }, request: { requester: ann } }
    then: [{ approve: bob, expect: { status: active } }]
`;
const made = issueForms(readSample(files)).get(form) ?? '';
const all: Readonly<Record<string, string>> = { ...files, [form]: made, [tests]: scenarios };

function said(after: Readonly<Record<string, string | undefined>>, before = all): readonly string[] {
  const version = (
    some: Readonly<Record<string, string | undefined>>,
  ): { files: DeskFiles; commit: string } => ({
    commit: 'c0ffee',
    files: new Map(
      Object.entries(some).flatMap(([path, text]) =>
        text === undefined ? [] : [[path, new TextEncoder().encode(text)] as const],
      ),
    ),
  });
  const { changes } = review({ before: version(before), after: version(after), unchanged: 0 });
  return changes.map(line);
}

const own = made.replace(/^#.*\n/, '').replace('Flow', 'Anything');

test('a form of ours that somebody takes over is told', () => {
  expect(said(all)).toEqual([]);
  expect(said({ ...all, [form]: own })).toEqual([
    'other form-own: The issue form of team is written by hand from now on: whether it asks what the flow asks is not looked at any more.',
  ]);
  expect(said({ ...all, [form]: own.replace('Anything', 'Something') }, { ...all, [form]: own })).toEqual([]);
  expect(said({ ...all, [form]: made.replace('Flow', 'Anything') })).toEqual([]);
});

test('scenarios that go while their flow stays are told, though it is called otherwise', () => {
  const gone = (name: string): string =>
    `easier scenarios-removed: The scenarios of ${name} are gone: nothing tries any more what it says to whom.`;
  expect(said({ ...all, [tests]: undefined })).toEqual([gone('team')]);
  const { [paths.team]: flow, [tests]: _, [form]: __, ...others } = all;
  expect(said({ ...others, 'flows/renamed.yml': flow })).toContain(gone('renamed'));
  expect(said({ ...others, 'flows/renamed.yml': flow, 'flows/renamed.test.yml': scenarios })).not.toContain(
    gone('renamed'),
  );
  expect(said(others).some((each) => each.includes('scenarios-removed'))).toBe(false);
});
