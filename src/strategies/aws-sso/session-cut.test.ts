import { describe, expect, test } from 'vitest';
import { instant, plus, type Instant } from '../../domain/names.ts';
import { holdsCut, withCut } from './session-cut.ts';

const now = instant(Date.parse('2026-11-20T09:00:00.250Z'));
const theirs = { Sid: 'Theirs', Effect: 'Allow', Action: 's3:*', Resource: '*' };
const written = JSON.stringify({ Version: '2012-10-17', Id: 'kept', Statement: [theirs] });
const userId = (number: number) => `9a000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const cutOf = (number: number, before: Instant = now) => ({
  account: '333333333333',
  user: userId(number),
  before,
});

function statementsOf(policy: string): readonly { readonly Sid?: string; readonly Condition?: unknown }[] {
  return JSON.parse(policy).Statement;
}

test('denies the person, in this account, what was signed in before, and keeps what was there', () => {
  const policy = withCut(written, cutOf(1), now);
  expect(JSON.parse(policy)).toMatchObject({ Version: '2012-10-17', Id: 'kept' });
  const [first, second] = statementsOf(policy);
  expect(first).toEqual(theirs);
  expect(second).toEqual({
    Sid: expect.stringMatching(/^CountersignEnd[0-9a-f]{12}$/),
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalAccount': ['333333333333'], 'identitystore:UserId': [userId(1)] },
      DateLessThan: { 'aws:TokenIssueTime': '2026-11-20T09:00:01Z' },
    },
  });
});

test('begins a policy where there is none, and reads a statement that stands alone', () => {
  expect(statementsOf(withCut('', cutOf(1), now))).toHaveLength(1);
  const alone = JSON.stringify({ Version: '2012-10-17', Statement: theirs });
  expect(statementsOf(withCut(alone, cutOf(1), now))).toHaveLength(2);
});

test('is seen to be there, for this person and no other, up to its time', () => {
  const policy = withCut(written, cutOf(1), now);
  expect(holdsCut(policy, cutOf(1))).toBe(true);
  expect(holdsCut(policy, cutOf(2))).toBe(false);
  expect(holdsCut(policy, { ...cutOf(1), account: '444444444444' })).toBe(false);
  expect(holdsCut(policy, cutOf(1, plus(now, 60_000)))).toBe(false);
});

test('two cuts of one person are one, at the later time, whichever is written last', () => {
  const late = plus(now, 60_000);
  for (const [first, second] of [
    [now, late],
    [late, now],
  ] as const) {
    const policy = withCut(withCut('', cutOf(1, first), now), cutOf(1, second), now);
    expect(statementsOf(policy)).toHaveLength(1);
    expect(holdsCut(policy, cutOf(1, late))).toBe(true);
  }
});

test('those after which no session can live are removed, and what is not ours never', () => {
  const old = withCut(written, cutOf(1, plus(now, -14 * 3_600_000)), plus(now, -14 * 3_600_000));
  const policy = withCut(old, cutOf(2), now);
  expect(holdsCut(policy, cutOf(2))).toBe(true);
  expect(statementsOf(policy)).toHaveLength(2);
  expect(statementsOf(policy)[0]).toEqual(theirs);
});

describe('where it gets crowded', () => {
  test('older cuts are put together, so that all hold and the policy stays within its limit', () => {
    let policy = written;
    for (let number = 0; number < 120; number += 1)
      policy = withCut(policy, cutOf(number, plus(now, number * 1000)), plus(now, number * 1000));
    expect(policy.replace(/\s/g, '').length).toBeLessThanOrEqual(10_240);
    for (let number = 0; number < 120; number += 1)
      expect(holdsCut(policy, cutOf(number, plus(now, number * 1000)))).toBe(true);
    const sids = statementsOf(policy).map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });

  test('it fails, and is tried again, where theirs leave no room', () => {
    const full = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ ...theirs, Resource: 'x'.repeat(10_150) }],
    });
    expect(() => withCut(full, cutOf(1), now)).toThrow(/no room/);
  });
});

test.each(['{', '[]', '{"Version":"2012-10-17"}'])('leaves alone what it cannot read: %s', (policy) => {
  expect(() => withCut(policy, cutOf(1), now)).toThrow(/cannot be read/);
});
