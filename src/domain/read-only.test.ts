import { describe, expect, it } from 'vitest';
import { accountOf, aWorld, factsOf } from '../../test/builders/facts.ts';
import { aRequestIn, followedBy, noon, type Told } from '../../test/builders/request.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { hours } from './duration.ts';
import { hashLine, parseLine } from './entry-line.ts';
import { evolveLine } from './evolve.ts';
import { plus } from './names.ts';
import { outstanding } from './outstanding.ts';
import { nextDeadline } from './deadlines.ts';
import { type Request, type Status } from './request.ts';

const later = plus(noon, hours(24 * 7));
const told = { committedSeq: 99, shownSeq: 0 };

/** The same request after one more line that only a newer version understands. */
function readOnly({ request }: Told): Request {
  return evolveLine(
    request,
    JSON.stringify({
      v: 2,
      id: 'X',
      request: request.id,
      seq: request.seq + 1,
      type: 'reassured',
      at: request.lastAt,
      by: { system: 'sweep' },
      data: {},
      prev: request.lastHash,
    }),
  );
}

function said(type: 'approve' | 'deny' | 'revoke' | 'cancel', request: Request): unknown {
  const voice = { surface: 'github', account: accountOf('bob-l'), name: 'bob', ref: 'r', at: noon } as const;
  return ask({ type, voice }, request);
}

function ask(command: Command, request: Request): unknown {
  const world = aWorld({ groups: { 'role:admin': ['bob'], 'team:acme/data': ['bob'] } });
  return decide(command, request, factsOf(world), later);
}

describe('a request that a newer Countersign has written to', () => {
  it('keeps its chain: the next line follows the one that we could not read', () => {
    const before = aRequestIn('active');
    const request = readOnly(before);
    expect(request).toMatchObject({
      isReadOnly: true,
      seq: before.request.seq + 1,
      phase: before.request.phase,
    });
    const [next] = followedBy({ ...before, request }, [
      { type: 'deescalation-started', by: { system: 'sweep' }, data: { why: 'expired' } },
    ]).lines.slice(-1);
    expect(next?.entry).toMatchObject({ seq: request.seq + 1, prev: request.lastHash });
    expect(evolveLine(request, next?.line ?? '').phase.status).toBe('deescalating');
  });

  it.each(['pending', 'approved'] as const)('is decided neither by people nor by time while %s', (status) => {
    const request = readOnly(aRequestIn(status));
    for (const type of ['approve', 'deny', 'revoke', 'cancel'] as const)
      expect(said(type, request), type).toEqual({ refusal: { code: 'read-only' } });
    expect(ask({ type: 'note-time' }, request)).toEqual({ entries: [] });
    expect(ask({ type: 'start-escalation' }, request)).toEqual({ entries: [] });
    expect(nextDeadline(request)).toBeUndefined();
    expect(outstanding(request, told, noon)).toEqual([]);
  });

  it('is not granted, and what may have been is given up at its time', () => {
    const request = readOnly(aRequestIn('escalating'));
    expect(outstanding(request, told, noon)).toEqual([]);
    expect(ask({ type: 'note-time' }, request)).toMatchObject({
      entries: [{ type: 'escalation-failed' }, { type: 'deescalation-started' }],
    });
  });

  it('is taken back at its time, or when somebody ends it early', () => {
    const request = readOnly(aRequestIn('active'));
    expect(nextDeadline(request)).toBeDefined();
    expect(ask({ type: 'note-time' }, request)).toMatchObject({
      entries: [{ type: 'deescalation-started' }],
    });
    expect(said('revoke', request)).toMatchObject({ entries: [{}, { type: 'deescalation-started' }] });
    expect(outstanding(readOnly(aRequestIn('deescalating')), told, noon)).toMatchObject([
      { type: 'deescalate-access' },
      { type: 'send-notice' },
    ]);
  });

  it('says what it still owes, and leaves the card to those who know more', () => {
    const request = readOnly(aRequestIn('active'));
    expect(outstanding(request, told, noon)).toEqual([
      { type: 'send-notice', notice: 'active', to: 'github' },
    ]);
  });

  it('is over where it was', () => {
    const ends: readonly Status[] = ['ended', 'denied', 'cancelled', 'lapsed', 'failed'];
    for (const status of ends)
      expect(said('approve', readOnly(aRequestIn(status)))).toEqual({
        refusal: { code: 'too-late', status },
      });
  });

  it('passes over what it led to, however that reads', () => {
    const { lines } = aRequestIn('ended');
    const request = lines.reduce<Request | undefined>(
      (state, { line, entry }) =>
        evolveLine(state, entry.type === 'escalation-started' ? line.replace('"v":1', '"v":2') : line),
      undefined,
    );
    expect(request).toMatchObject({ isReadOnly: true, phase: { status: 'approved' }, seq: lines.length });
    expect(request?.lastHash).toBe(hashLine(lines.at(-1)?.line ?? ''));
  });

  it('cannot begin with a line that nobody can read', () => {
    expect(() => evolveLine(undefined, JSON.stringify({ v: 2 }))).toThrow('cannot be read');
    const [first] = aRequestIn('pending').lines;
    expect(() => evolveLine(undefined, first?.line.replace('"v":1', '"v":2') ?? '')).toThrow(
      'unknown-version',
    );
  });
});

describe('a line', () => {
  const [first] = aRequestIn('pending').lines;
  const line = first?.line ?? '';

  it('is told apart by what is wrong with it', () => {
    expect(parseLine(line)).toHaveProperty('entry');
    expect(parseLine('{')).toEqual({ problem: 'not-json' });
    expect(parseLine('{}')).toEqual({ problem: 'not-an-entry' });
    expect(parseLine(line.replace('"v":1', '"v":2'))).toMatchObject({
      problem: 'unknown-version',
      place: { seq: 1 },
    });
    expect(parseLine(line.replace('"requested"', '"toString"'))).toMatchObject({ problem: 'unknown-type' });
    expect(parseLine(line.replace('"v":1', '"v":2').replace(/"at":"[^"]+"/, '"at":"soon"'))).toEqual({
      problem: 'not-an-entry',
    });
  });
});
