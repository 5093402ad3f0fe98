import { describe, expect, test } from 'vitest';
import { hashLine } from '../domain/entry-line.ts';
import { deskId } from '../domain/names.ts';
import { statuses } from '../domain/request.ts';
import type { Ledger } from '../engine/ports/ledger.ts';
import { aDesk, aQuietRequestIn, aRequestIn, noon, type Told } from '../../test/builders/request.ts';
import { deskLines, streamOf } from '../../test/builders/desk-stream.ts';
import { deskPath, fileContent, requestPath } from './layout.ts';
import type { LedgerProblemCode } from './chain-link.ts';
import type { ReadStream } from './read-stream.ts';
import { readRequestFile, rebuild, type RequestFile } from './rebuild.ts';

const path = (told: Told): string => requestPath(told.request.id, told.request.requestedAt);
const linesOf = (told: Told): readonly string[] => told.lines.map(({ line }) => line);

type Raw = { readonly [name: string]: unknown };

/** Links lines anew, as somebody who rewrites history would. */
function relinked(lines: readonly Raw[]): readonly string[] {
  return lines.reduce<readonly string[]>((linked, line) => {
    const last = linked.at(-1);
    return [...linked, JSON.stringify({ ...line, prev: last === undefined ? null : hashLine(last) })];
  }, []);
}

const raw = (told: Told): readonly Raw[] => linesOf(told).map((line) => JSON.parse(line));
const changed = (told: Told, index: number, change: Raw): readonly Raw[] =>
  raw(told).map((line, at) => (at === index ? { ...line, ...change } : line));

describe('a request', () => {
  test.each(statuses)('that is %s is read back as it was', (status) => {
    const told = aQuietRequestIn(status);
    expect(readRequestFile(path(told), fileContent(linesOf(told)))).toEqual({
      ok: true,
      request: told.request,
      lines: linesOf(told),
      committedSeq: told.lines.length,
    });
  });
});

describe('a file that cannot be believed', () => {
  const told = aRequestIn('active');
  const [first = '', second = '', ...rest] = linesOf(told);

  test.each<readonly [string, LedgerProblemCode, number, string]>([
    ['its end is missing', 'torn', 5, fileContent(linesOf(told)).slice(0, -9)],
    ['it is empty', 'torn', 1, ''],
    ['its line endings were converted', 'converted', 1, fileContent(linesOf(told)).replaceAll('\n', '\r\n')],
    ['a line is no JSON', 'not-json', 2, fileContent([first, `${second}}`, ...rest])],
    ['a line is no entry', 'not-an-entry', 2, fileContent([first, '{"v":1}', ...rest])],
    ['a moment is no moment', 'not-an-entry', 2, fileContent(relinked(changed(told, 1, { at: '2026' })))],
    ['a line was changed', 'broken-link', 3, fileContent([first, second.replace('bob', 'eve'), ...rest])],
    ['a line was left out', 'gap', 2, fileContent([first, ...rest])],
    ['two lines were exchanged', 'gap', 1, fileContent([second, first, ...rest])],
    [
      'the first line points back',
      'broken-link',
      1,
      fileContent([first.replace('"prev":null', '"prev":"x"')]),
    ],
    [
      'time runs back',
      'time-runs-back',
      2,
      fileContent(relinked(changed(told, 1, { at: '2026-11-20T11:59:59.999Z' }))),
    ],
    [
      'it begins on another day',
      'wrong-day',
      1,
      fileContent(relinked(changed(told, 0, { at: '2026-11-19T12:00:00.000Z' }))),
    ],
    [
      'a line is of another request',
      'wrong-request',
      2,
      fileContent(relinked(changed(told, 1, { request: 'other' }))),
    ],
    [
      'an entry cannot stand there',
      'illegal-entry',
      2,
      fileContent(relinked(changed(told, 1, { type: 'escalated' }))),
    ],
    [
      'it does not say what was asked',
      'illegal-entry',
      1,
      fileContent(relinked(changed(told, 0, { data: {} }))),
    ],
  ])('because %s', (_, code, line, content) => {
    const file = readRequestFile(path(told), content);
    expect(file).toMatchObject({ ok: false, problem: { path: path(told), code, line } });
  });

  test('because it is none of ours', () => {
    expect(readRequestFile('requests/notes.txt', 'x')).toMatchObject({ problem: { code: 'stray-file' } });
    expect(readRequestFile(deskPath(noon), 'x')).toMatchObject({ problem: { code: 'stray-file' } });
  });

  test('still gives what is sound of it, for a grant may be out there', () => {
    const content = fileContent(linesOf(told));
    expect(readRequestFile(path(told), content.slice(0, -9))).toMatchObject({
      soundPart: { committedSeq: 4, request: { phase: { status: 'escalating' } } },
    });
    expect(readRequestFile(path(told), `${content}{}\n`)).toMatchObject({
      soundPart: { committedSeq: 5, request: told.request },
    });
    expect(readRequestFile(path(told), 'x\n')).not.toHaveProperty('soundPart');
  });

  test('is spoken of without a word of what people typed', () => {
    const file = readRequestFile(path(told), fileContent(relinked(changed(told, 1, { type: 'escalated' }))));
    expect(file).toMatchObject({ problem: { sentence: 'Line 2 says what cannot follow pending.' } });
  });
});

describe('what a newer Countersign wrote', () => {
  const told = aRequestIn('active');

  test.each<readonly [LedgerProblemCode, Raw]>([
    ['unknown-version', { v: 2, type: 'transferred' }],
    ['unknown-type', { type: 'transferred' }],
  ])('makes the request read-only (%s), at its place in the chain', (code, change) => {
    const last: Raw = { ...raw(told).at(-1), seq: told.lines.length + 1, ...change };
    const lines = relinked([...raw(told), last]);
    expect(readRequestFile(path(told), fileContent(lines))).toEqual({
      ok: true,
      request: {
        ...told.request,
        seq: lines.length,
        lastHash: hashLine(lines.at(-1) ?? ''),
        isReadOnly: true,
      },
      lines,
      committedSeq: lines.length,
      readOnly: {
        path: path(told),
        line: lines.length,
        code,
        sentence: `Line ${lines.length} was written by a newer Countersign.`,
      },
    });
  });

  test('lets a deescalation after it be read', () => {
    const ended = raw(aRequestIn('ended'));
    const odd: Raw = { ...ended[4], v: 2, type: 'transferred' };
    const lines = [...ended.slice(0, 5), odd, ...ended.slice(5)].map((line, index) => ({
      ...line,
      seq: index + 1,
    }));
    const file = readRequestFile(path(told), fileContent(relinked(lines)));
    expect(file).toMatchObject({
      ok: true,
      request: { phase: { status: 'ended' }, seq: 8 },
      readOnly: { line: 6 },
    });
  });

  test('is passed over where it makes a later entry impossible', () => {
    const active = raw(aRequestIn('active'));
    const lines = active.map((line, index) => (index === 3 ? { ...line, v: 2 } : line));
    const file = readRequestFile(path(told), fileContent(relinked(lines)));
    expect(file).toMatchObject({ ok: true, request: { phase: { status: 'approved' }, seq: 5 } });
  });

  test('is a problem where the request begins with it', () => {
    const file = readRequestFile(path(told), fileContent(relinked(changed(told, 0, { v: 2 }))));
    expect(file).toMatchObject({ ok: false, problem: { code: 'unknown-version', line: 1 } });
  });
});

describe('rebuilding', () => {
  const read = async (files: {
    readonly [path: string]: string;
  }): Promise<readonly (RequestFile | ReadStream)[]> => {
    const ledger: Pick<Ledger, 'read'> = {
      async *read() {
        for (const [name, content] of Object.entries(files)) yield { path: name, content };
      },
    };
    const found: (RequestFile | ReadStream)[] = [];
    for await (const file of rebuild(ledger, 'head', aDesk)) found.push(file);
    return found;
  };

  test('goes on after a broken file, and gives the stream of the desk last', async () => {
    const told = aRequestIn('active');
    const stream = streamOf(deskLines([noon]), 1);
    const files = { [deskPath(noon)]: fileContent(stream.lines), [path(told)]: fileContent(linesOf(told)) };
    const found = await read({ 'requests/stray': 'x', ...files });
    expect(found).toMatchObject([
      { problem: { code: 'stray-file' } },
      { request: { id: told.request.id } },
      { ok: true, stream },
    ]);
  });

  test('takes no request of another desk for its own', async () => {
    const told = aRequestIn('active', { desk: deskId('github', 1) });
    const found = await read({ [path(told)]: fileContent(linesOf(told)) });
    expect(found).toMatchObject([{ ok: false, problem: { code: 'wrong-desk' } }]);
  });
});
