import { describe, expect, test } from 'vitest';
import { narrow, type FileVersions } from './narrow.ts';

const desk: FileVersions = new Map([
  ['flows/countersign.yml', '1'],
  ['flows/people.yml', '1'],
  ['flows/prod.yml', '1'],
  ['flows/prod.test.yml', '1'],
  ['flows/other.yml', '1'],
  ['.github/ISSUE_TEMPLATE/prod.yml', '1'],
]);
const changed = (path: string, version?: string): FileVersions => {
  const after = new Map(desk);
  if (version === undefined) after.delete(path);
  else after.set(path, version);
  return after;
};
const wanted = (after: FileVersions): readonly string[] => {
  const { isWanted } = narrow(desk, after);
  return [...new Set([...desk.keys(), ...after.keys()])].filter(isWanted);
};
const common = ['flows/countersign.yml', 'flows/people.yml'];
const ofProd = [...common, 'flows/prod.yml', 'flows/prod.test.yml', '.github/ISSUE_TEMPLATE/prod.yml'];

describe('what has to be read of a change', () => {
  test.each([['flows/prod.yml'], ['flows/prod.test.yml'], ['.github/ISSUE_TEMPLATE/prod.yml']])(
    'is one flow with all that belongs to it, where %s changes',
    (path) => {
      expect(wanted(changed(path, '2'))).toEqual(ofProd);
      expect(wanted(changed(path))).toEqual(ofProd);
      expect(narrow(desk, changed(path, '2')).unchanged).toBe(1);
    },
  );

  test('is a flow that is new, and whatever it is called beside', () => {
    expect(wanted(changed('flows/new.yml', '1'))).toEqual([...common, 'flows/new.yml']);
    expect(wanted(changed('flows/prod.yaml', '1'))).toEqual([...ofProd, 'flows/prod.yaml']);
  });

  test.each(common.map((path) => [path]))('is everything where %s changes', (path) => {
    expect(wanted(changed(path, '2'))).toEqual([...desk.keys()]);
    expect(narrow(desk, changed(path, '2')).unchanged).toBe(0);
  });

  test('is nothing but what is shared where nothing changes', () => {
    expect(wanted(desk)).toEqual(common);
    expect(narrow(desk, desk).unchanged).toBe(2);
  });
});
