import { expect, test } from 'vitest';
import { settingChanges, settingWords } from './compare-settings-values.ts';

test('a key that reads like a path is told apart from the path', () => {
  const both = { role: { name: 'user' }, 'role.name': 'user' };
  expect(settingChanges(both, { ...both, role: { name: 'admin' } })).toEqual([
    'role.name is “admin” instead of “user”',
  ]);
  expect(settingChanges(both, { ...both, 'role.name': 'admin' })).toEqual([
    '"role.name" is “admin” instead of “user”',
  ]);
  expect(settingChanges({ a: { b: 'x' } }, { 'a.b': 'x' })).toHaveLength(2);
  expect(settingChanges({ '"a"': 'x' }, { a: 'x' })).toHaveLength(2);
});

test('a text that reads like another value is told apart from one', () => {
  for (const [was, is] of [
    ['1', 1],
    ['true', true],
    ['["a"]', ['a']],
    ['1e+21', 1e21],
    ['{}', {}],
  ] as const)
    expect(settingChanges({ a: was }, { a: is }), String(was)).toHaveLength(1);
});

test('all settings are said, however many there are', () => {
  const settings = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`key${n}`, 'v'.repeat(500)]));
  const words = settingWords(settings);
  for (const key of Object.keys(settings)) expect(words.join('\n')).toContain(`${key} “`);
  for (const each of words) expect(each.length).toBeLessThan(500);
});
