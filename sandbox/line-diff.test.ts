import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './line-diff.ts';

const marks = { same: ' ', added: '+', removed: '-' };

function shown(before: string, after: string): string[] {
  return diffLines(before, after).map(
    (line) => `${line.before ?? '.'} ${line.after ?? '.'} ${marks[line.kind]}${line.text}`,
  );
}

test('what changed in the middle goes and comes, with the numbers of both sides', () => {
  expect(shown('a\nb\nc\nd\n', 'a\nx\ny\nc\nd\n')).toEqual([
    '1 1  a',
    '2 . -b',
    '. 2 +x',
    '. 3 +y',
    '3 4  c',
    '4 5  d',
  ]);
});

test('the longest common lines stay', () => {
  expect(shown('a\nb\nc\n', 'c\na\nb\n')).toEqual(['. 1 +c', '1 2  a', '2 3  b', '3 . -c']);
});

test('a new file comes, a deleted one goes, and an unchanged one stays', () => {
  expect(shown('', 'a\nb\n')).toEqual(['. 1 +a', '. 2 +b']);
  expect(shown('a\n', '')).toEqual(['1 . -a']);
  expect(shown('a\nb', 'a\nb\n')).toEqual(['1 1  a', '2 2  b']);
});

test('either side can be read back, whatever the texts are', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const side = (name: 'before' | 'after') => lines.filter((line) => line[name] !== null);
      expect(
        side('before')
          .map((line) => `${line.text}\n`)
          .join(''),
      ).toBe(before);
      expect(
        side('after')
          .map((line) => `${line.text}\n`)
          .join(''),
      ).toBe(after);
      expect(side('after').map((line) => line.after)).toEqual(side('after').map((_, at) => at + 1));
    }),
  );
});

test('texts that have too much to compare are taken to be new, at once', () => {
  const many = (word: string): string =>
    Array.from({ length: 5000 }, (_, line) => `${word} ${line}\n`).join('');
  const lines = diffLines(`same\n${many('old')}`, `same\n${many('new')}`);
  expect(lines).toHaveLength(10_001);
  expect(lines[0]?.kind).toBe('same');
});
