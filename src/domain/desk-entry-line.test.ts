import { describe, expect, test } from 'vitest';
import { aRefusal, deskLines } from '../../test/builders/desk-stream.ts';
import { aDesk, aRequest, noon } from '../../test/builders/request.ts';
import { deskChainEnd, deskLinePlace, monthOf, parseDeskLine, sealDeskEntries } from './desk-entry-line.ts';
import { hashLine, parseLine } from './entry-line.ts';
import { minutes } from './duration.ts';
import { plus } from './names.ts';

describe('a line of a desk’s stream', () => {
  test('says who tried what, in an order that never changes', () => {
    const sealed = sealDeskEntries([aRefusal('eve')], {
      desk: aDesk,
      after: undefined,
      at: noon,
      mint: () => 'D1',
    });
    expect(sealed.map(({ line }) => line)).toEqual([
      '{"v":1,"id":"D1","desk":"github:4711","seq":1,"type":"refused","at":"2026-11-20T12:00:00.000Z",' +
        '"by":{"person":null,"via":{"surface":"github","account":"github:id-of-eve","name":"eve","ref":"asked-by-eve"}},' +
        '"data":{"command":"request","flow":"quick","code":"unlinked-account"},"prev":null}',
    ]);
  });

  test('is linked to the one before it, and never earlier, whatever the clock says', () => {
    const [first, second] = deskLines([noon, plus(noon, minutes(-60))]);
    expect(second?.entry).toMatchObject({ seq: 2, at: noon, prev: hashLine(first?.line ?? '') });
  });

  test('is read back, and its place with it', () => {
    const [first] = deskLines([noon]);
    expect(parseDeskLine(first?.line ?? '')).toEqual({ entry: first?.entry });
    expect(deskLinePlace(first?.line ?? '')).toEqual({ seq: 1, lastAt: noon });
    expect(deskChainEnd(first?.line ?? '').lastHash).toBe(hashLine(first?.line ?? ''));
  });

  test('that a newer Countersign wrote still has a place', () => {
    const [{ line } = { line: '' }] = deskLines([noon]);
    for (const [newer, problem] of [
      [line.replace('"refused"', '"token-made"'), 'unknown-type'],
      [line.replace('"v":1', '"v":2'), 'unknown-version'],
    ] as const) {
      expect(parseDeskLine(newer)).toEqual({ problem, place: { seq: 1, lastAt: noon } });
      expect(deskLinePlace(newer)).toEqual({ seq: 1, lastAt: noon });
    }
  });

  test('is not taken for one of a request, nor the other way round', () => {
    const [ofDesk] = deskLines([noon]);
    expect(parseLine(ofDesk?.line ?? '')).toEqual({ problem: 'not-an-entry' });
    const [ofRequest] = aRequest().lines;
    expect(parseDeskLine(ofRequest?.line ?? '')).toEqual({ problem: 'not-an-entry' });
    expect(() => deskLinePlace(ofRequest?.line ?? '')).toThrow('not-an-entry');
  });
});

test('a month is what stands before the day', () => {
  expect(monthOf(noon)).toBe('2026-11');
});
