import { describe, expect, test } from 'vitest';
import { aRequestIn, type Told } from '../../test/builders/request.ts';
import type { Stored } from './ports/store.ts';
import { unprovenSeq, viewOf } from './view.ts';

function stored({ request, lines }: Told, committedSeq: number): Stored {
  return { request, lines: lines.map(({ line }) => line), committedSeq, shownSeq: 0 };
}

describe('people see', () => {
  const active = aRequestIn('active');
  const seqOf = (type: string): number =>
    active.lines.find(({ entry }) => entry.type === type)?.entry.seq ?? Number.NaN;

  test('the state as it is, where the ledger holds it', () => {
    expect(viewOf(stored(active, active.request.seq))).toEqual(active.request);
    expect(unprovenSeq(stored(active, active.request.seq))).toBeUndefined();
  });

  test('nothing of an approval before the ledger holds it', () => {
    const unproven = stored(active, seqOf('approved') - 1);
    expect(unprovenSeq(unproven)).toBe(seqOf('approved'));
    expect(viewOf(unproven)).toMatchObject({ phase: { status: 'pending' }, seq: seqOf('approved') - 1 });
  });

  test('no access before the ledger holds that it is there', () => {
    expect(viewOf(stored(active, seqOf('escalated') - 1)).phase.status).toBe('escalating');
  });

  test('no denial before the ledger holds it', () => {
    expect(viewOf(stored(aRequestIn('denied'), 1)).phase.status).toBe('pending');
  });

  test('a request that waits at once: it needs no proof', () => {
    expect(viewOf(stored(aRequestIn('pending'), 0)).phase.status).toBe('pending');
    expect(unprovenSeq(stored(aRequestIn('cancelled'), 0))).toBeUndefined();
  });
});
