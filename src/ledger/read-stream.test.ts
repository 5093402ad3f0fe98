import { describe, expect, test } from 'vitest';
import { deskLines, streamOf } from '../../test/builders/desk-stream.ts';
import { aDesk, noon } from '../../test/builders/request.ts';
import { minutes } from '../domain/duration.ts';
import { hashLine } from '../domain/entry-line.ts';
import { deskId, plus } from '../domain/names.ts';
import type { LedgerProblemCode } from './chain-link.ts';
import { deskPath, fileContent } from './layout.ts';
import { readStream } from './read-stream.ts';

const inDays = (days: number): typeof noon => plus(noon, minutes(days * 24 * 60));
const [november, december] = [deskPath(noon), deskPath(inDays(11))];
const all = deskLines([noon, inDays(1), inDays(11), inDays(12)]);
const lines = all.map(({ line }) => line);
const [first = '', second = '', third = '', fourth = ''] = lines;
const months = (old: readonly string[], young: readonly string[]): { path: string; content: string }[] => [
  { path: december, content: fileContent(young) },
  { path: november, content: fileContent(old) },
];
const relink = (line: string, change: object): string => JSON.stringify({ ...JSON.parse(line), ...change });

describe('the stream of a desk', () => {
  test('is read back as its newest month, its chain running on from the month before', () => {
    expect(readStream(aDesk, months([first, second], [third, fourth]))).toEqual({
      ok: true,
      stream: streamOf(all.slice(2), 4),
      links: new Map(),
      identities: new Map(),
    });
  });

  test('goes on after what a newer Countersign wrote', () => {
    const newer = relink(second, { v: 2, type: 'token-made' });
    const after = relink(third, { prev: hashLine(newer) });
    expect(readStream(aDesk, months([first, newer], [after]))).toMatchObject({
      ok: true,
      stream: { end: { seq: 3 } },
    });
  });

  test.each<readonly [string, LedgerProblemCode, string, number, readonly string[], readonly string[]]>([
    ['a line was left out', 'gap', november, 1, [second], [third]],
    ['a whole month is missing', 'gap', december, 1, [first], [third]],
    ['a line was changed', 'broken-link', december, 1, [first, second.replace('eve', 'ann')], [third]],
    ['a line is in the wrong month', 'wrong-month', november, 3, [first, second, third], [fourth]],
    ['a line is no entry', 'not-an-entry', november, 2, [first, '{}'], [third]],
    ['a line is no JSON', 'not-json', november, 1, ['x'], [third]],
    ['it is of another desk', 'wrong-desk', november, 1, [relink(first, { desk: 'github:1' })], [third]],
    [
      'time runs back',
      'time-runs-back',
      november,
      2,
      [first, relink(second, { at: '2026-11-20T11:59:59.999Z' })],
      [third],
    ],
  ])('is not believed where %s', (_, code, path, line, old, young) => {
    expect(readStream(aDesk, months(old, young))).toMatchObject({ ok: false, problem: { code, path, line } });
  });

  test('is not believed where its end was cut off', () => {
    const content = fileContent([first, second]).slice(0, -3);
    expect(readStream(aDesk, [{ path: november, content }])).toMatchObject({
      problem: { code: 'torn', line: 2 },
    });
    expect(readStream(deskId('github', 1), [{ path: november, content: `${first}\n` }])).toMatchObject({
      problem: { code: 'wrong-desk' },
    });
  });
});
