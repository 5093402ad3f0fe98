import { expect, test } from 'vitest';
import { aRequestIn } from '../../test/builders/request.ts';
import { instant, plus, type Instant } from '../domain/names.ts';
import type { Status } from '../domain/request.ts';
import { onIssue } from '../domain/routes.ts';
import { createCardPace, type CardPace } from './card-pace.ts';

const now = instant(Date.parse('2026-11-20T09:00:00Z'));
const after = (ms: number): Instant => plus(now, ms);

function allows(pace: CardPace, status: Status, at: Instant): boolean {
  return pace.allows(aRequestIn(status).request, onIssue, at);
}

test('what people wait for is shown at once', () => {
  for (const status of ['pending', 'active', 'ended', 'denied', 'failed'] as const)
    expect(allows(createCardPace(), status, now)).toBe(true);
});

test('two edits are two seconds apart', () => {
  const pace = createCardPace();
  pace.shown(aRequestIn('pending').request.id, onIssue, now);
  expect(allows(pace, 'pending', after(1_999))).toBe(false);
  expect(allows(pace, 'pending', after(2_000))).toBe(true);
});

test('a passing state is shown only where it does not pass within five seconds', () => {
  for (const status of ['approved', 'escalating', 'deescalating'] as const) {
    const pace = createCardPace();
    expect([0, 4_999, 5_000].map((ms) => allows(pace, status, after(ms)))).toEqual([false, false, true]);
  }
});

test('what follows a passing state does not wait for its time', () => {
  const pace = createCardPace();
  expect(allows(pace, 'escalating', now)).toBe(false);
  expect(allows(pace, 'active', after(700))).toBe(true);
});

test('no card stays behind longer, however much happens', () => {
  const pace = createCardPace();
  const seen = [0, 1_500, 3_000, 4_500, 5_000].map((ms, turn) =>
    allows(pace, turn % 2 === 0 ? 'escalating' : 'deescalating', after(ms)),
  );
  expect(seen).toEqual([false, false, false, false, true]);
});

test('a clock that was set back keeps nothing waiting', () => {
  const pace = createCardPace();
  pace.shown(aRequestIn('pending').request.id, onIssue, after(3_600_000));
  expect(allows(pace, 'pending', now)).toBe(true);
});

test('an approval that is used later is not passing', () => {
  const { request } = aRequestIn('approved');
  if (request.phase.status !== 'approved') throw new Error('It is approved.');
  const { startBy: _, ...phase } = request.phase;
  expect(createCardPace().allows({ ...request, phase }, onIssue, now)).toBe(true);
});
