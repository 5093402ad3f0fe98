import { describe, expect, test } from 'vitest';
import type { Desk } from '../desk.ts';
import { issueForms } from './issue-forms.ts';
import { anyApproval, readSample } from '../sample-desk.ts';
import { staleForms } from './stale-forms.ts';

const path = '.github/ISSUE_TEMPLATE/prod.yml';
const flow = (more = ''): string => `requesters: [role:member]\n${anyApproval}\n${more}`;
const deskWith = (files: Readonly<Record<string, string>>): Desk => readSample(files);
const desk = deskWith({ 'flows/prod.yml': flow() });
const text = issueForms(desk).get(path) ?? '';
const filesOf = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, content]) => [name, new TextEncoder().encode(content)]));

describe('forms that no longer fit', () => {
  test('are none where each is as it is made', () => {
    expect(staleForms(desk, filesOf({ [path]: text }))).toEqual([]);
  });

  test('are none where only the ends of lines were turned', () => {
    expect(staleForms(desk, filesOf({ [path]: text.replaceAll('\n', '\r\n') }))).toEqual([]);
  });

  test('are told where one is missing, outdated, or left over', () => {
    const old = '.github/ISSUE_TEMPLATE/old.yml';
    const gone = text.replace('flows/prod.yml', 'flows/gone.yml');
    expect(staleForms(desk, filesOf({ [old]: gone }))).toEqual([
      { path, is: 'missing', text },
      { path: old, is: 'left-over' },
    ]);
    expect(staleForms(desk, filesOf({ [path]: `${text}\n# mine\n` }))).toEqual([
      { path, is: 'outdated', text },
    ]);
  });

  test('of a flow that may not be started on GitHub are left over', () => {
    const closed = deskWith({ 'flows/prod.yml': flow('sources: []') });
    expect(issueForms(closed).size).toBe(0);
    expect(staleForms(closed, filesOf({ [path]: text }))).toEqual([{ path, is: 'left-over' }]);
  });

  test('of a flow that is broken stay until it is mended', () => {
    const broken = deskWith({ 'flows/prod.yml': 'requesters: 7' });
    expect(staleForms(broken, filesOf({ [path]: text }))).toEqual([]);
  });

  test('are nobody else’s: what people wrote themselves is named and left alone', () => {
    const own = 'name: Mine\n';
    expect(staleForms(desk, filesOf({ [path]: own, '.github/ISSUE_TEMPLATE/bug.yml': own }))).toEqual([
      { path, is: 'own', text },
    ]);
  });
});
