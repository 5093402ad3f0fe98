import { describe, expect, test } from 'vitest';
import { instant, requestId } from '../domain/names.ts';
import { deskPath, fileContent, fileLines, isEntryFile, parsePath, requestPath } from './layout.ts';

const at = instant(Date.UTC(2026, 10, 20, 23, 59));
const id = requestId('01JD3Q9V8Z7X6W5V4T3S2R1Q0P');

describe('paths', () => {
  test('a request lives in the folder of the day of its first entry', () => {
    expect(requestPath(id, at)).toBe('requests/2026/11/20/01JD3Q9V8Z7X6W5V4T3S2R1Q0P.jsonl');
  });

  test('a desk has a file a month', () => {
    expect(deskPath(at)).toBe('desk/2026/11.jsonl');
  });

  test('are read back', () => {
    expect(parsePath(requestPath(id, at))).toEqual({ type: 'request', request: id, day: '2026-11-20' });
    expect(parsePath(deskPath(at))).toEqual({ type: 'desk', month: '2026-11' });
  });

  test.each(['../../etc/passwd', 'a/b', '', '.', 'x\n', 'x'.repeat(65)])('never hold the id %j', (text) => {
    expect(() => requestPath(requestId(text), at)).toThrow('no file name');
  });

  test.each([
    'README.md',
    'requests/2026/11/20/../x.jsonl',
    'requests/2026/11/20/x.json',
    'requests/2026/11/x.jsonl',
    'desk/2026/11.jsonl\n',
    'x/requests/2026/11/20/01.jsonl',
  ])('%j is no place of ours', (path) => {
    expect(parsePath(path)).toBeUndefined();
  });

  test('whatever is in the folders of the entries counts as an entry file', () => {
    expect(
      ['requests/2026/11/20/x.jsonl', 'requests/stray.txt', 'desk/2026/11.jsonl', 'requests', 'desk'].every(
        isEntryFile,
      ),
    ).toBe(true);
    expect(['README.md', '.gitattributes', 'requests.md', 'desktop/x'].some(isEntryFile)).toBe(false);
  });
});

describe('files', () => {
  test('give back the lines they were made of', () => {
    const lines = ['{"a":"žluťoučký 🐎"}', '{"b":"\\u2028"}'];
    expect(fileContent(lines)).toBe('{"a":"žluťoučký 🐎"}\n{"b":"\\u2028"}\n');
    expect(fileLines(fileContent(lines))).toEqual({ ok: true, lines });
  });

  test('are not made of what is no line', () => {
    expect(() => fileContent(['a\nb'])).toThrow();
    expect(() => fileContent([''])).toThrow();
  });

  test.each([
    ['a last line that was cut', '{}\n{"a', { code: 'torn', line: 2 }],
    ['an empty file', '', { code: 'torn', line: 1 }],
    ['a hole', '{}\n\n{}\n', { code: 'torn', line: 2 }],
    ['converted line endings', '{}\n{}\r\n', { code: 'converted', line: 2 }],
  ])('are refused with %s', (_, content, problem) => {
    expect(fileLines(content)).toMatchObject({ ok: false, ...problem });
  });
});
