import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aimOfGrant, aimOfRevoke, covers, join, type Situation } from './holdings.ts';

const order = ['none', 'pending', 'read', 'write', 'admin'];
const none: Situation = { now: 'none', ours: 'write', before: 'none', wanted: [] };

describe('granting', () => {
  test('raises to what was asked', () => {
    expect(aimOfGrant(order, { ...none, wanted: ['write'] })).toBe('write');
  });

  test('never lowers', () => {
    expect(aimOfGrant(order, { ...none, now: 'admin', before: 'admin', wanted: ['write'] })).toBe('admin');
  });

  test('does not give again what somebody took from another grant', () => {
    expect(aimOfGrant(order, { ...none, wanted: ['write', 'admin'] })).toBe('write');
  });
});

describe('taking back', () => {
  test('restores what was there before', () => {
    expect(aimOfRevoke(order, { ...none, now: 'write', before: 'read' })).toBe('read');
  });

  test('keeps what another live grant wants', () => {
    expect(aimOfRevoke(order, { ...none, ours: 'admin', now: 'admin', wanted: ['write'] })).toBe('write');
  });

  test('leaves alone who had more before', () => {
    expect(aimOfRevoke(order, { ...none, now: 'admin', before: 'admin' })).toBe('admin');
  });

  test('never raises', () => {
    expect(aimOfRevoke(order, { ...none, now: 'none', before: 'admin', wanted: ['write'] })).toBe('none');
  });

  test('leaves more than all grants together ever gave', () => {
    expect(aimOfRevoke(order, { ...none, now: 'admin' })).toBe('admin');
  });

  test('takes an invitation back', () => {
    expect(aimOfRevoke(order, { ...none, now: 'pending' })).toBe('none');
  });
});

test('whatever grants come and go, the last one out leaves what was there before the first', () => {
  const holding = fc.constantFrom(...order);
  fc.assert(
    fc.property(
      holding,
      fc.array(holding, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (before, asked, picks) => {
        let now = before;
        const live: string[] = [];
        for (const ours of asked) {
          live.push(ours);
          now = aimOfGrant(order, { now, ours, before, wanted: live });
          expect(covers(order, now, join(order, [before, ...live]))).toBe(true);
        }
        while (live.length > 0) {
          const [ours = 'none'] = live.splice((picks.next().value ?? 0) % live.length, 1);
          now = aimOfRevoke(order, { now, ours, before, wanted: live });
          expect(now).toBe(join(order, [before, ...live]));
        }
        expect(now).toBe(before);
      },
    ),
  );
});
