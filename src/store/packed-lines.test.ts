import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statuses } from '../domain/request.ts';
import { aQuietRequestIn } from '../../test/builders/request.ts';
import { keptLines, packLines, unpackLines, writtenLines } from './packed-lines.ts';

const lines = aQuietRequestIn('active').lines.map(({ line }) => line);

describe('packed lines', () => {
  it('are given back byte by byte, for every status', () => {
    for (const status of statuses) {
      const told = aQuietRequestIn(status).lines.map(({ line }) => line);
      expect(unpackLines(packLines(told))).toEqual(told);
      expect(unpackLines(keptLines(JSON.parse(JSON.stringify(writtenLines(packLines(told))))))).toEqual(told);
    }
  });

  it('are given back although the links between them are none', () => {
    const [first = '', second = '', ...rest] = lines;
    for (const odd of [[second, first, ...rest], [...lines, '"prev":"sha256:"}', '', '[]'], ['', second], []])
      expect(unpackLines(packLines(odd))).toEqual(odd);
  });

  it('are given back whatever they say', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...lines));
    fc.assert(
      fc.property(fc.array(text), (any) => {
        expect(unpackLines(keptLines(writtenLines(packLines(any))))).toEqual(any);
      }),
    );
  });

  it('take less than a seventh of what they are, the hashes of their chain included', () => {
    expect(packLines(lines).length).toBeLessThan(lines.join('').length / 7);
  });

  it('are read as they were written before there was a dictionary', () => {
    const older = deflateRawSync(JSON.stringify(lines), { level: 1 }).toString('base64');
    expect(unpackLines(keptLines(older))).toEqual(lines);
  });
});
