import { describe, expect, it } from 'vitest';
import { aRequestIn, followedBy, noon } from '../../test/builders/request.ts';
import { nextDeadline, warnAt } from './deadlines.ts';
import { decide } from './decide.ts';
import { minutes } from './duration.ts';
import { noFacts } from '../../test/builders/facts.ts';
import { plus, type Instant } from './names.ts';
import type { Request } from './request.ts';

function activeWith(warnBefore: number): Request {
  return aRequestIn('active', { at: noon, policy: { warnBefore: minutes(warnBefore) } }).request;
}

function expiryOf({ phase }: Request): Instant {
  if (phase.status !== 'active' || phase.expiresAt === undefined) throw new Error('It expires.');
  return phase.expiresAt;
}

const warned = (request: Request, at: Instant): readonly string[] => {
  const decision = decide({ type: 'note-time' }, request, noFacts, at);
  return 'entries' in decision ? decision.entries.map(({ type }) => type) : [];
};

describe('a warning before the end', () => {
  it('is due so long before it, once', () => {
    const told = aRequestIn('active', { at: noon, policy: { warnBefore: minutes(10) } });
    const { request } = told;
    const at = plus(expiryOf(request), -minutes(10));
    expect(nextDeadline(request)).toBe(at);
    expect(warned(request, plus(at, -1))).toEqual([]);
    expect(warned(request, at)).toEqual(['expiry-warned']);
    const after = followedBy(told, [
      { type: 'expiry-warned', by: { system: 'sweep' }, data: { expiresAt: expiryOf(request) } },
    ]).request;
    expect(nextDeadline(after)).toBe(expiryOf(request));
    expect(after.notices.map(({ notice }) => notice)).toContain('expiring-1');
    expect(warned(after, expiryOf(request))).toEqual(['deescalation-started']);
  });

  it('is no use where access has just begun', () => {
    const request = activeWith(20);
    expect(warnAt(request)).toBeUndefined();
    expect(nextDeadline(request)).toBe(expiryOf(request));
  });

  it('is not owed any more once the access ends', () => {
    const told = aRequestIn('active', { at: noon, policy: { warnBefore: minutes(10) } });
    const expiresAt = expiryOf(told.request);
    const ending = followedBy(told, [
      { type: 'expiry-warned', by: { system: 'sweep' }, data: { expiresAt } },
      { type: 'deescalation-started', by: { system: 'sweep' }, data: { why: 'expired' } },
    ]).request;
    expect(ending.notices.map(({ notice }) => notice)).not.toContain('expiring-1');
  });
});
